#include "harness/slowest.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "analysis/exchange_ranking.h"
#include "analysis/story_collector.h"
#include "analysis/story_context.h"
#include "analysis/story_thinning.h"
#include "analysis/switch_witness.h"
#include "harness/bookmarks.h"
#include "harness/trace_listener.h"

namespace sockscope {

/// The first pass: which ones they are, and where in the recordings.
class SlowestSearch::Ranking : public TraceListener {
 public:
  Ranking(std::size_t most, std::uint64_t over_ns) : ranking_(most, over_ns) {}

  void begin(const RunRecording& recording, const Formats& /*formats*/) override {
    run_ = recording.run;
    readers_.push_back(recording.reader);
    witnesses_.emplace_back();
    context_ = StoryContext();
    latest_ns_ = 0;
  }
  using TraceListener::on;
  [[nodiscard]] bool wants_streams() const override { return true; }
  void on(const perf_data::RecordStream& before) override { bookmarks_.add(recording_, latest_ns_, before, context_); }
  void on(const Event& event) override {
    latest_ns_ = std::max(latest_ns_, event.time_ns);
    witnesses_.back().on(event, context_);
    context_.on(event);
  }
  void on(const Exchange& exchange) override {
    const bool is_of_run = run_ != nullptr;
    const std::string variant = is_of_run ? run_->variant.key : std::string(name_of(exchange.protocol));
    ranking_.add(exchange, variant, recording_, is_of_run ? run_->step.round : 0);
  }
  void on(const LostMessage& message) override {
    ++found_.losses;
    if (found_.lost.size() < kMostLost) found_.lost.push_back(message);
  }
  void end(const TraceResult& result) override {
    found_.unmatched += result.quality.unmatched_messages;
    found_.retransmits += result.tcp_retransmits;
    found_.lost_events += result.quality.lost_events;
    if (recording_ == 0) recorded_ = result.recorded;
    recorded_ &= result.recorded;
    if (run_ != nullptr) found_.is_filtered = true;
    ++recording_;
  }

  [[nodiscard]] const ExchangeRanking& ranking() const { return ranking_; }
  [[nodiscard]] const Bookmarks& bookmarks() const { return bookmarks_; }
  /// By recording.
  [[nodiscard]] const std::vector<std::shared_ptr<const perf_data::Reader>>& readers() const { return readers_; }
  [[nodiscard]] const SwitchWitness& witness(std::size_t recording) const { return witnesses_[recording]; }

  SlowestExchanges take() {
    found_.over = ranking_.over();
    found_.unmatched -= std::min(found_.unmatched, found_.losses);
    const auto lacks = [this](bool has, const char* event) {
      if (!has) found_.lacks.emplace_back(event);
    };
    lacks(recorded_.switches, "sched:sched_switch");
    lacks(recorded_.wakings, "sched:sched_waking");
    lacks(recorded_.softirqs, "irq:softirq_entry");
    lacks(recorded_.tcp_retransmits, "tcp:tcp_retransmit_skb");
    lacks(recorded_.udp_drops, "udp:udp_fail_queue_rcv_skb");
    return std::move(found_);
  }

 private:
  /// As many lost messages are kept as anybody reads.
  static constexpr std::size_t kMostLost = 100;

  ExchangeRanking ranking_;
  SlowestExchanges found_;
  RecordedEvents recorded_;
  const RunResult* run_ = nullptr;
  std::size_t recording_ = 0;
  std::vector<std::shared_ptr<const perf_data::Reader>> readers_;
  std::vector<SwitchWitness> witnesses_;
  Bookmarks bookmarks_;
  StoryContext context_;
  std::uint64_t latest_ns_ = 0;
};

namespace {

/// The second pass over one recording: what happened meanwhile. What lies between the stories is passed over, as far as
/// there are bookmarks behind it.
class SecondPass {
 public:
  SecondPass(const perf_data::Reader& reader, const Bookmarks& bookmarks, std::size_t recording)
      : stream_(reader.records()), bookmarks_(bookmarks), recording_(recording) {}

  void run(const EventDecoder& decoder, StoryCollector& collector) {
    if (!go_to_next_story(collector)) return;
    while (const auto* const record = stream_.next()) {
      Event event;
      if (decoder.decode(*record, event) != EventDecoder::Outcome::kDecoded) continue;
      const bool was_within = !collector.is_between_stories();
      collector.on(event);
      latest_ns_ = std::max(latest_ns_, event.time_ns);
      if (was_within && collector.is_between_stories() && !go_to_next_story(collector)) return;
    }
  }

 private:
  /// False: there is none.
  bool go_to_next_story(StoryCollector& collector) {
    const auto begin_ns = collector.next_begin_ns();
    if (!begin_ns) return false;
    const Bookmarks::Bookmark* const mark = bookmarks_.before(recording_, *begin_ns);
    if (mark == nullptr || mark->before_ns <= latest_ns_) return true;
    stream_ = mark->stream;
    latest_ns_ = mark->before_ns;
    collector.go_on_from(mark->moment);
    return true;
  }

  perf_data::RecordStream stream_;
  const Bookmarks& bookmarks_;
  std::size_t recording_;
  std::uint64_t latest_ns_ = 0;
};

/// As soon as its events are there: they take more memory than anything else, and few of them are shown.
void follow_path(ExchangeStory& story) {
  story.segments = critical_path(story);
  take_out_events(story, kMostEventsShown);
}

ExchangeStory story_of(const ExchangeRanking::Ranked& ranked, const ExchangeRanking& ranking) {
  ExchangeStory story;
  story.exchange = ranked.exchange;
  story.variant = ranking.groups()[ranked.group].variant;
  story.round = ranked.round;
  return story;
}

void find_culprits(SlowestExchanges& found) {
  for (ExchangeGroup& group : found.groups) group.median.culprit = culprit_of(group.median.segments, {});
  for (ExchangeStory& story : found.slowest) {
    for (const ExchangeGroup& group : found.groups) {
      if (group.variant != story.variant || group.are_round_trips != story.exchange.is_round_trip()) continue;
      story.culprit = culprit_of(story.segments, group.median.segments);
    }
  }
}

}  // namespace

SlowestSearch::SlowestSearch(std::size_t most, std::uint64_t over_ns)
    : first_(std::make_unique<Ranking>(most, over_ns)) {}
SlowestSearch::SlowestSearch(SlowestSearch&&) noexcept = default;
SlowestSearch& SlowestSearch::operator=(SlowestSearch&&) noexcept = default;
SlowestSearch::~SlowestSearch() = default;

TraceListener& SlowestSearch::listener() { return *first_; }

Result<SlowestExchanges> SlowestSearch::finish(const std::filesystem::path& path) {
  SlowestExchanges found = first_->take();
  const ExchangeRanking& ranking = first_->ranking();
  const auto slowest = ranking.slowest();
  for (const ExchangeRanking::Ranked& ranked : slowest) found.slowest.push_back(story_of(ranked, ranking));
  for (const ExchangeRanking::Group& group : ranking.groups()) {
    found.groups.push_back({.variant = group.variant,
                            .are_round_trips = group.are_round_trips,
                            .durations = group.durations,
                            .median = story_of(ExchangeRanking::median_of(group), ranking)});
  }

  std::map<std::size_t, std::vector<ExchangeStory*>> stories;  // by recording: only those that have some are read again
  for (std::size_t i = 0; i < slowest.size(); ++i) stories[slowest[i].recording].push_back(&found.slowest[i]);
  for (std::size_t i = 0; i < found.groups.size(); ++i) {
    stories[ExchangeRanking::median_of(ranking.groups()[i]).recording].push_back(&found.groups[i].median);
  }
  auto readers = first_->readers();
  for (std::size_t index = 0; index < readers.size(); ++index) {
    if (!stories.contains(index)) readers[index] = nullptr;
  }
  const auto collect = [&](std::size_t index, const perf_data::Reader& reader, const EventDecoder& decoder) {
    StoryCollector collector(std::move(stories[index]), follow_path);
    SecondPass(reader, first_->bookmarks(), index).run(decoder, collector);
    collector.finish(first_->witness(index));
    found.lacks_switches = found.lacks_switches || first_->witness(index).lacks_switches();
  };
  if (auto read = reread(path, readers, collect); !read) return pass_on(read);
  find_culprits(found);
  return found;
}

Result<SlowestExchanges> find_slowest(const std::filesystem::path& path, std::size_t most, std::uint64_t over_ns) {
  SlowestSearch search(most, over_ns);
  if (auto followed = follow(path, search.listener()); !followed) return pass_on(followed);
  return search.finish(path);
}

}  // namespace sockscope

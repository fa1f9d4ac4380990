#include "harness/slowest.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "analysis/exchange_ranking.h"
#include "analysis/story_collector.h"
#include "harness/trace_listener.h"

namespace sockscope {

/// The first pass: which ones they are.
class SlowestSearch::Ranking : public TraceListener {
 public:
  Ranking(std::size_t most, std::uint64_t over_ns) : ranking_(most, over_ns) {}

  void begin(const RunRecording& recording, const Formats& /*formats*/) override {
    run_ = recording.run;
    open_ = {.index = recording_, .reader = recording.reader};
  }
  using TraceListener::on;
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
  /// The last one: of a single recording, the one that there is.
  [[nodiscard]] const OpenRecording& open() const { return open_; }

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
  OpenRecording open_;
  std::size_t recording_ = 0;
};

namespace {

/// The second pass: what happened meanwhile.
class Collecting : public TraceListener {
 public:
  using Stories = std::map<std::size_t, std::vector<ExchangeStory*>>;

  explicit Collecting(Stories stories) : stories_(std::move(stories)), next_(stories_.begin()) {}

  void begin(const RunRecording& /*recording*/, const Formats& /*formats*/) override {
    collector_.emplace(std::move(next_->second));
  }
  using TraceListener::on;
  void on(const Event& event) override { collector_->on(event); }
  void end(const TraceResult& /*result*/) override {
    collector_->finish();
    lacks_switches_ = lacks_switches_ || collector_->lacks_switches();
    ++next_;
  }
  [[nodiscard]] bool lacks_switches() const { return lacks_switches_; }

 private:
  Stories stories_;  // by recording: it is told of those alone
  Stories::iterator next_;
  std::optional<StoryCollector> collector_;
  bool lacks_switches_ = false;
};

ExchangeStory story_of(const ExchangeRanking::Ranked& ranked, const ExchangeRanking& ranking) {
  ExchangeStory story;
  story.exchange = ranked.exchange;
  story.variant = ranking.groups()[ranked.group].variant;
  story.round = ranked.round;
  return story;
}

void tell(SlowestExchanges& found) {
  for (ExchangeGroup& group : found.groups) {
    group.median.segments = critical_path(group.median);
    group.median.culprit = culprit_of(group.median.segments, {});
  }
  for (ExchangeStory& story : found.slowest) {
    story.segments = critical_path(story);
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

  Collecting::Stories stories;
  for (std::size_t i = 0; i < slowest.size(); ++i) stories[slowest[i].recording].push_back(&found.slowest[i]);
  for (std::size_t i = 0; i < found.groups.size(); ++i) {
    stories[ExchangeRanking::median_of(ranking.groups()[i]).recording].push_back(&found.groups[i].median);
  }
  if (stories.empty()) return found;
  std::set<std::size_t> which;
  for (const auto& [recording, of_recording] : stories) which.insert(recording);
  Collecting second(std::move(stories));
  if (auto replayed = replay(path, which, second, first_->open()); !replayed) return pass_on(replayed);
  found.lacks_switches = second.lacks_switches();
  tell(found);
  return found;
}

Result<SlowestExchanges> find_slowest(const std::filesystem::path& path, std::size_t most, std::uint64_t over_ns) {
  SlowestSearch search(most, over_ns);
  if (auto followed = follow(path, search.listener()); !followed) return pass_on(followed);
  return search.finish(path);
}

}  // namespace sockscope

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/exchange_ranking.h"
#include "analysis/story_collector.h"
#include "analysis/story_thinning.h"
#include "analysis/trace_analysis.h"
#include "report/html/path_data.h"
#include "report/slow_report.h"
#include "tests/fuzz/event_input.h"
#include "tests/fuzz/target.h"

// Events as analysis.cc takes them, but in time order, which RecordStream sees to, behind a byte that says how many of
// the slowest exchanges are asked for: ranked, told with what happened meanwhile, cut into critical paths, and
// rendered.
namespace sockscope {
namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

/// Those of one time stay in their order.
void sort_by_time(std::vector<Event>& events) {
  std::multimap<std::uint64_t, Event> sorted;
  for (const Event& event : events) sorted.emplace(event.time_ns, event);
  std::ranges::transform(sorted, events.begin(), [](const auto& entry) { return entry.second; });
}

/// The parts meet, none is empty, and together they are the exchange.
void check_path(const ExchangeStory& story) {
  std::uint64_t at = story.exchange.begin_ns();
  for (const PathSegment& segment : story.segments) {
    require(segment.from_ns == at && segment.to_ns > segment.from_ns);
    at = segment.to_ns;
  }
  require(at == story.exchange.end_ns());
  require(story.segments.empty() || story.culprit < story.segments.size());
  require(story.events.size() <= kMostEventsShown);
}

ExchangeStory story_of(const ExchangeRanking::Ranked& ranked) {
  ExchangeStory story;
  story.exchange = ranked.exchange;
  story.variant = name_of(ranked.exchange.protocol);
  return story;
}

void run(perf_data::Bytes input) {
  perf_data::ByteCursor cursor(input);
  std::uint8_t most = 0;
  if (!cursor.read(most)) return;
  std::vector<Event> events = fuzz::read_events(cursor);
  sort_by_time(events);

  ExchangeRanking ranking(most % 16, 0);
  TraceAnalysis analysis;
  analysis.tell([&ranking](const Exchange& exchange) { ranking.add(exchange, "v", 0, 1); });
  StoryContext context;
  SwitchWitness witness;
  for (const Event& event : events) {
    witness.on(event, context);
    context.on(event);
    analysis.on(event);
  }
  static_cast<void>(analysis.result());

  SlowReport report{.path = "input", .over_ns = 0, .found = {}};
  for (const auto& ranked : ranking.slowest()) report.found.slowest.push_back(story_of(ranked));
  std::vector<ExchangeStory*> stories;
  for (ExchangeStory& story : report.found.slowest) stories.push_back(&story);
  StoryCollector collector(stories, [](ExchangeStory& story) {
    story.segments = critical_path(story);
    take_out_events(story, kMostEventsShown);
  });
  for (const Event& event : events) collector.on(event);
  collector.finish(witness);
  for (ExchangeStory& story : report.found.slowest) {
    if (story.segments.empty()) continue;
    story.culprit = culprit_of(story.segments, report.found.slowest.back().segments);
    check_path(story);
  }
  static_cast<void>(render_slow_json(report));
  static_cast<void>(render_slow_table(report, {}));
  const Json paths = paths_of(report.found);
  for (const Json& path : paths["slowest"]) require(path["segments"].size() <= kMostSegmentsOfPath);
}

}  // namespace
}  // namespace sockscope

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}

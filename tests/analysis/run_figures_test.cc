#include "analysis/run_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/summary.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Histogram histogram_of(std::initializer_list<std::pair<std::uint64_t, std::uint64_t>> values) {
  Histogram histogram;
  for (const auto& [value, count] : values) {
    for (std::uint64_t i = 0; i < count; ++i) histogram.record(value);
  }
  return histogram;
}

TEST(FiguresOf, AnUntracedRunAreItsQuantilesAndItsMean) {
  const RunFigures figures = figures_of(3, UntracedSummary{.rtt = histogram_of({{100, 200}, {300, 100}})});
  EXPECT_EQ(figures.round, 3U);
  EXPECT_EQ(figures.watched, Watched::kUntraced);
  EXPECT_THAT(figures.values, ElementsAre(Pair("rtt_p50_ns", 100.0), Pair("rtt_p90_ns", 300.0),
                                          Pair("rtt_p99_ns", 300.0), Pair("rtt_mean_ns", 50'000.0 / 300)));
}

// 0.99^298 is 0.0501: of so few samples all lie below the quantile once in twenty times.
TEST(FiguresOf, ARunLackTheQuantilesThatItHasTooFewRoundTripsFor) {
  EXPECT_FALSE(figures_of(1, UntracedSummary{.rtt = histogram_of({{100, 298}})}).value("rtt_p99_ns"));
  EXPECT_EQ(figures_of(1, UntracedSummary{.rtt = histogram_of({{100, 299}})}).value("rtt_p99_ns"), 100.0);
  EXPECT_FALSE(figures_of(1, UntracedSummary{.rtt = histogram_of({{100, 2'994}})}).value("rtt_p999_ns"));
  EXPECT_EQ(figures_of(1, UntracedSummary{.rtt = histogram_of({{100, 2'995}})}).value("rtt_p999_ns"), 100.0);
}

TEST(FiguresOf, ACountedRunAreItsCountersForEachUnit) {
  const RunFigures figures =
      figures_of(1, UntracedSummary{.counters = {{"context-switches", 40}, {"task-clock", 50'000}}, .counted = 20});
  EXPECT_EQ(figures.watched, Watched::kCounted);
  EXPECT_THAT(figures.values, ElementsAre(Pair("cpu_time_ns", 2'500.0), Pair("counted_context_switches", 2.0)));
}

TEST(FiguresOf, AnotherWorkloadAreItsTimesAndTheTimeOfAUnit) {
  UntracedSummary run{.measured_ns = 8'000};
  run.measured.unit = "message";
  run.measured.units = 4;
  run.measured.add_time("one_way", histogram_of({{500, 3}}));
  EXPECT_THAT(figures_of(1, run).values, ElementsAre(Pair("one_way_p50_ns", 500.0), Pair("unit_ns", 2'000.0)));
}

TEST(FiguresOf, ATracedRunAreItsStagesAndCounts) {
  TracedSummary run;
  run.rtt = histogram_of({{1'000, 2}, {2'000, 2}});
  run.stages = {{Direction::kRequest, Stage::kSend, histogram_of({{400, 4}}), 0},
                {Direction::kRequest, Stage::kWakeUp, histogram_of({{700, 2}}), 2}};
  run.counts = {.round_trips = 4, .syscalls = 16, .skbs = 8, .softirqs = 8, .context_switches = 10, .wakeups = 6};
  const RunFigures figures = figures_of(2, run);
  EXPECT_EQ(figures.watched, Watched::kTraced);
  EXPECT_THAT(figures.values,
              ElementsAre(Pair("rtt_mean_ns", 1'500.0), Pair("stage.request.send_ns", 400.0),
                          Pair("stage.request.wake-up_ns", 350.0), Pair("syscalls", 4.0), Pair("skbs", 2.0),
                          Pair("softirqs", 2.0), Pair("context_switches", 2.5), Pair("wakeups", 1.5)));
}

TEST(FiguresOf, ASessionAreItsTotalsForEachUnit) {
  TracedSummary run;
  run.unit = "connection";
  run.units = 10;
  run.session = SessionTotals{.sockets = 20, .skbs = 100, .syscalls = 50, .drops = {{"NO_SOCKET", 3}, {"OTHER", 2}}};
  const RunFigures figures = figures_of(1, run);
  EXPECT_EQ(figures.value("skbs"), 10.0);
  EXPECT_EQ(figures.value("syscalls"), 5.0);
  EXPECT_EQ(figures.value("sockets"), 2.0);
  EXPECT_EQ(figures.value("drops"), 0.5);
  EXPECT_EQ(figures.value("rtt_mean_ns"), std::nullopt);
}

}  // namespace
}  // namespace sockscope

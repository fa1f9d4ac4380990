#include "analysis/gate_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace sockscope::testing {
namespace {

using ::testing::ElementsAre;

RunFigures untraced(unsigned round, double p50, double mean) {
  return {.round = round, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", p50}, {"rtt_mean_ns", mean}}};
}

RunFigures traced(unsigned round, double syscalls, double mean) {
  return {.round = round, .watched = Watched::kTraced, .values = {{"syscalls", syscalls}, {"rtt_mean_ns", mean}}};
}

std::vector<VariantRuns> measured() {
  return {{"tcp", {untraced(1, 1000, 1100), traced(1, 4, 2200), traced(2, 4.5, 2400), untraced(2, 1200, 1200)}},
          {"udp", {untraced(1, 800, 810), traced(1, 4, 1620), traced(2, 4, 1700), untraced(2, 800, 850)}},
          {"calibration", {untraced(1, 400, 410), untraced(2, 500, 510)}}};
}

std::vector<std::string> names_of(const std::vector<GateFigure>& figures) {
  std::vector<std::string> names;
  names.reserve(figures.size());
  for (const GateFigure& figure : figures) names.push_back(figure.name);
  return names;
}

TEST(GateFigures, AreCountsFirstAndThenTimesAsRatios) {
  EXPECT_THAT(names_of(gate_figures(measured())),
              ElementsAre("tcp.syscalls", "udp.syscalls", "tcp.rtt_p50/calibration", "tcp.rtt_p50/udp",
                          "tcp.rtt_mean.traced/untraced", "udp.rtt_p50/calibration", "udp.rtt_mean.traced/untraced"));
}

TEST(GateFigures, HaveARatioWithinEachRound) {
  const auto figures = gate_figures(measured());
  EXPECT_THAT(find_figure(figures, "tcp.rtt_p50/calibration")->runs, ElementsAre(1000, 1200));
  EXPECT_THAT(find_figure(figures, "tcp.rtt_p50/calibration")->bases, ElementsAre(400, 500));
  EXPECT_THAT(find_figure(figures, "tcp.rtt_p50/udp")->bases, ElementsAre(800, 800));
  EXPECT_THAT(find_figure(figures, "tcp.rtt_mean.traced/untraced")->runs, ElementsAre(2200, 2400));
  EXPECT_THAT(find_figure(figures, "tcp.rtt_mean.traced/untraced")->bases, ElementsAre(1100, 1200));
}

TEST(GateFigures, SayWhoseTheyAreAndWhatTheyDependOn) {
  const auto figures = gate_figures(measured());
  const GateFigure expected{.name = "tcp.syscalls",
                            .variant = "tcp",
                            .figure_class = FigureClass::kCount,
                            .is_traced = true,
                            .runs = {4, 4.5}};
  EXPECT_EQ(*find_figure(figures, "tcp.syscalls"), expected);
  EXPECT_FALSE(find_figure(figures, "udp.rtt_p50/calibration")->is_traced);
  EXPECT_EQ(find_figure(figures, "udp.rtt_p50/calibration")->variant, "udp");
  EXPECT_TRUE(find_figure(figures, "udp.rtt_mean.traced/untraced")->is_traced);
}

TEST(GateFigures, LeaveOutARoundThatLacksEitherTime) {
  auto variants = measured();
  variants[2].runs.erase(variants[2].runs.begin());
  EXPECT_THAT(find_figure(gate_figures(variants), "tcp.rtt_p50/calibration")->runs, ElementsAre(1200));
}

TEST(GateFigures, TakeAWorkloadsOwnTimeWhereItHasNoRoundTrips) {
  const std::vector<VariantRuns> variants{
      {"tcp", {{.round = 1, .watched = Watched::kUntraced, .values = {{"lost", 0.5}, {"unit_ns", 50}}}}},
      {"calibration", {untraced(1, 400, 410)}}};
  const auto figures = gate_figures(variants);
  EXPECT_THAT(names_of(figures), ElementsAre("tcp.lost", "tcp.unit/calibration"));
  EXPECT_THAT(figures[1].runs, ElementsAre(50));
  EXPECT_THAT(figures[1].bases, ElementsAre(400));
}

TEST(Pool, AddsTheRunsOfTheSameFigure) {
  auto figures = gate_figures(measured());
  const std::size_t before = figures.size();
  pool(figures, gate_figures(measured()));
  EXPECT_EQ(figures.size(), before);
  EXPECT_THAT(find_figure(figures, "tcp.syscalls")->runs, ElementsAre(4, 4.5, 4, 4.5));
  EXPECT_THAT(find_figure(figures, "tcp.rtt_p50/calibration")->bases, ElementsAre(400, 500, 400, 500));
}

}  // namespace
}  // namespace sockscope::testing

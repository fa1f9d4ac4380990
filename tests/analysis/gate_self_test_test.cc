#include "analysis/gate_self_test.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sockscope::testing {
namespace {

/// Times with a noise of up to `noise` either way, and counts with none but every fourth run's.
std::vector<GateFigure> figures(std::mt19937_64& random, double factor, double noise) {
  GateFigure time{.name = "tcp.rtt_p50/calibration", .variant = "tcp", .figure_class = FigureClass::kTime, .runs = {}};
  GateFigure count{.name = "tcp.skbs", .variant = "tcp", .is_traced = true, .runs = {}};
  for (int run = 0; run < 40; ++run) {
    const double drawn = static_cast<double>(random() % 2001) / 1000 - 1;
    time.runs.push_back(2000 * factor * (1 + noise * drawn));
    time.bases.push_back(1000);
    count.runs.push_back(run % 4 == 0 ? 2.03 : 2.0);
  }
  return {count, time};
}

SelfTestResult tested(double noise, double delayed) {
  std::mt19937_64 random(1);
  SelfTestRuns runs{.identical = figures(random, 1, noise), .delayed = {}, .injected_ns = 900};
  runs.delayed = figures(random, delayed, noise);
  return self_test(runs, 1);
}

TEST(SelfTest, KeepsTheUsualLimitsOnAQuietMachine) {
  const SelfTestResult result = tested(0.01, 1.10);
  ASSERT_EQ(result.figures.size(), 2U);
  EXPECT_DOUBLE_EQ(*result.figures[0].limit, 0.02);
  EXPECT_DOUBLE_EQ(*result.figures[1].limit, 0.05);
  EXPECT_DOUBLE_EQ(result.test.false_alarm_rate, 0);
  // The interval of 20 against 20 of these is about 0.4 % wide on either side of the truth.
  EXPECT_NEAR(result.test.smallest_change, 0.06, 0.0051);
  EXPECT_NEAR(result.test.injected_change, 0.10, 0.01);
  EXPECT_DOUBLE_EQ(result.test.injected_caught_rate, 1);
}

TEST(SelfTest, WidensThemOnANoisyOne) {
  const SelfTestResult result = tested(0.30, 1.10);
  EXPECT_GT(*result.figures[1].limit, 0.10);
  EXPECT_LT(*result.figures[1].limit, 0.40);
  EXPECT_GT(result.test.smallest_change, *result.figures[1].limit);
  EXPECT_LE(result.test.false_alarm_rate, 0.01);
  EXPECT_LT(result.test.injected_caught_rate, 0.5);
}

TEST(SelfTest, FindsTheToleranceOfACountThatVaries) {
  std::mt19937_64 random(1);
  SelfTestRuns runs;
  GateFigure drops{.name = "udp.drops", .variant = "udp", .is_traced = true, .runs = {}};
  for (int run = 0; run < 40; ++run) drops.runs.push_back(static_cast<double>(random() % 1000) / 1000);
  runs.identical.push_back(drops);
  const SelfTestResult result = self_test(runs, 1);
  EXPECT_GT(*result.figures[0].limit, 0.3);
  EXPECT_DOUBLE_EQ(result.test.false_alarm_rate, 0);
}

TEST(SelfTest, IsTheSameForEqualRuns) {
  EXPECT_EQ(tested(0.3, 1.1).test, tested(0.3, 1.1).test);
  EXPECT_EQ(tested(0.3, 1.1).figures, tested(0.3, 1.1).figures);
}

TEST(SelfTest, LeavesATimeWithoutALimitWhereHalvesAreTooSmall) {
  SelfTestRuns runs;
  runs.identical.push_back({.name = "tcp.rtt_p50/calibration",
                            .variant = "tcp",
                            .figure_class = FigureClass::kTime,
                            .runs = {2, 2, 2, 2, 2, 2, 2, 2},
                            .bases = {1, 1, 1, 1, 1, 1, 1, 1}});
  EXPECT_FALSE(self_test(runs, 1).figures[0].limit);
}

}  // namespace
}  // namespace sockscope::testing

#include "analysis/figure_change.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sockscope::testing {
namespace {

GateFigure time_of(std::vector<double> runs, std::vector<double> bases) {
  return {.name = "tcp.rtt_p50/calibration",
          .variant = "tcp",
          .figure_class = FigureClass::kTime,
          .runs = std::move(runs),
          .bases = std::move(bases)};
}

/// A run on this kind of machine: three in ten are slower by a quarter for their whole length.
double run_of(std::mt19937_64& random, double middle) {
  const double noise = 0.01 * (static_cast<double>(random() % 2001) / 1000 - 1);
  const bool is_slow = random() % 10 < 3;
  return middle * (is_slow ? 1.25 : 1) * (1 + noise);
}

GateFigure drawn(std::mt19937_64& random, double middle, std::size_t runs) {
  GateFigure figure = time_of({}, {});
  for (std::size_t i = 0; i < runs; ++i) {
    figure.runs.push_back(run_of(random, middle));
    figure.bases.push_back(run_of(random, 5));
  }
  return figure;
}

TEST(ValueOf, IsTheMedianOfACountAndTheRatioOfATime) {
  EXPECT_DOUBLE_EQ(value_of({.name = "tcp.skbs", .variant = "tcp", .runs = {3, 1, 2}}), 2);
  EXPECT_DOUBLE_EQ(value_of({.name = "tcp.skbs", .variant = "tcp", .runs = {4, 1, 2, 3}}), 2.5);
  EXPECT_DOUBLE_EQ(value_of(time_of({20, 20, 20}, {10, 10, 10})), 2);
  EXPECT_DOUBLE_EQ(value_of(time_of({}, {})), 0);
}

TEST(ChangeBetween, IsNoneWhereEitherHasNoRuns) {
  EXPECT_FALSE(change_between(time_of({}, {}), time_of({2}, {1})));
  EXPECT_FALSE(change_between(time_of({2}, {1}), time_of({}, {})));
}

TEST(ChangeBetween, HasNoIntervalOfTooFewRuns) {
  std::mt19937_64 random(1);
  const auto change = change_between(drawn(random, 10, 20), drawn(random, 10, 3));
  ASSERT_TRUE(change);
  EXPECT_FALSE(change->ci95);
}

TEST(ChangeBetween, IsExactWithoutNoise) {
  const GateFigure before = time_of(std::vector<double>(8, 20), std::vector<double>(8, 10));
  const GateFigure now = time_of(std::vector<double>(8, 21), std::vector<double>(8, 10));
  const auto change = change_between(before, now);
  ASSERT_TRUE(change && change->ci95);
  EXPECT_DOUBLE_EQ(change->value, 1.05);
  EXPECT_NEAR(change->ci95->low, 1.05, 1e-9);
  EXPECT_NEAR(change->ci95->high, 1.05, 1e-9);
}

TEST(ChangeBetween, CoversTheTruthAlsoWhereRunsHaveTwoModes) {
  std::mt19937_64 random(1);
  constexpr int kTrials = 300;
  int covered = 0;
  int narrow = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto change = change_between(drawn(random, 10, 20), drawn(random, 11, 20));
    ASSERT_TRUE(change && change->ci95);
    if (change->ci95->contains(1.1)) ++covered;
    if (change->ci95->low > 1.05) ++narrow;
  }
  EXPECT_GE(covered, kTrials * 93 / 100);
  // Ten per cent slower is told from five with 20 rounds against 20.
  EXPECT_GE(narrow, kTrials * 80 / 100);
}

}  // namespace
}  // namespace sockscope::testing

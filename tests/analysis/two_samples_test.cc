#include "analysis/two_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace sockscope::testing {
namespace {

using ::testing::DoubleEq;
using ::testing::Optional;

TEST(IntervalRank, IsOneMoreThanTheTabulatedCriticalValue) {
  // Mann and Whitney, two-sided, 0.05: critical U of 5 and 5 is 2, of 8 and 6 it is 8, of 10 and 10 it is 23, of 20 and
  // 20 it is 127.
  EXPECT_THAT(interval_rank(5, 5), Optional(3U));
  EXPECT_THAT(interval_rank(8, 6), Optional(9U));
  EXPECT_THAT(interval_rank(6, 8), Optional(9U));
  EXPECT_THAT(interval_rank(10, 10), Optional(24U));
  EXPECT_THAT(interval_rank(20, 20), Optional(128U));
}

TEST(IntervalRank, TakesFourAgainstFour) {
  EXPECT_THAT(interval_rank(4, 4), Optional(1U));
  EXPECT_EQ(interval_rank(3, 3), std::nullopt);
  EXPECT_EQ(interval_rank(1, 38), std::nullopt);
  EXPECT_THAT(interval_rank(1, 39), Optional(1U));  // 2 of 40 orders
  EXPECT_EQ(interval_rank(0, 5), std::nullopt);
}

TEST(IntervalRank, IsNormalForManyAndMeetsTheTableThere) {
  // U's middle less 1.96 of its deviations, 2485 - 475.3 and 2520.5 - 480.4; the first is from the table.
  EXPECT_THAT(interval_rank(70, 71), Optional(2010U));
  EXPECT_THAT(interval_rank(71, 71), Optional(2040U));
}

TEST(RatioOfSamples, IsTheMiddleOfAllRatios) {
  const std::array before{1.0, 2.0};
  const std::array now{2.0, 6.0, 3.0};
  // 2, 6, 3, 1, 3, 1.5: sorted 1, 1.5, 2, 3, 3, 6
  const auto ratio = ratio_of_samples(before, now);
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 2.5);
  EXPECT_FALSE(ratio->ci95);
}

TEST(RatioOfSamples, HasTheOutermostRatiosOfFourAgainstFourAsItsInterval) {
  const std::array before{10.0, 11.0, 12.0, 10.0};
  const std::array now{20.0, 24.0, 22.0, 21.0};
  const auto ratio = ratio_of_samples(before, now);
  ASSERT_TRUE(ratio && ratio->ci95);
  EXPECT_DOUBLE_EQ(ratio->ci95->low, 20.0 / 12);
  EXPECT_DOUBLE_EQ(ratio->ci95->high, 2.4);
}

TEST(RatioOfSamples, IsNotThereWithoutRunsOrWithAZeroBefore) {
  const std::array some{1.0};
  const std::array with_zero{1.0, 0.0};
  EXPECT_FALSE(ratio_of_samples({}, some));
  EXPECT_FALSE(ratio_of_samples(some, {}));
  EXPECT_FALSE(ratio_of_samples(with_zero, some));
  EXPECT_TRUE(ratio_of_samples(some, with_zero));
}

/// A run on this kind of machine: three in ten are slower by a quarter for their whole length.
double run_of(std::mt19937_64& random, double middle) {
  const double noise = 0.01 * (static_cast<double>(random() % 2001) / 1000 - 1);
  const bool is_slow = random() % 10 < 3;
  return middle * (is_slow ? 1.25 : 1) * (1 + noise);
}

TEST(RatioOfSamples, CoversTheTruthAlsoWhereRunsHaveTwoModes) {
  std::mt19937_64 random(1);
  constexpr int kTrials = 500;
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> before(10);
    std::vector<double> now(10);
    for (double& run : before) run = run_of(random, 10);
    for (double& run : now) run = run_of(random, 11);
    if (ratio_of_samples(before, now)->ci95->contains(1.1)) ++covered;
  }
  EXPECT_GE(covered, 470);
  EXPECT_LE(covered, 495);
}

TEST(MiddleOf, IsTheMedian) {
  EXPECT_THAT(middle_of(std::array{3.0, 1.0, 2.0}), DoubleEq(2));
  EXPECT_THAT(middle_of(std::array{4.0, 1.0, 2.0, 3.0}), DoubleEq(2.5));
  EXPECT_THAT(middle_of({}), DoubleEq(0));
}

}  // namespace
}  // namespace sockscope::testing

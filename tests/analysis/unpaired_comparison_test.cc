#include "analysis/unpaired_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "analysis/independent_estimates.h"

namespace sockscope {
namespace {

constexpr PairedRule kMeans{.centre = Centre::kMean};

/// From `centre` on, a hundredth more each.
std::vector<double> runs_from(double centre, int count) {
  std::vector<double> runs;
  for (int i = 0; i < count; ++i) runs.push_back(centre * (1 + 0.01 * i));
  return runs;
}

TEST(IndependentEstimates, DifferByTheirDistancesFromTheMiddleSquaredAndAdded) {
  const Estimate difference =
      difference_of({.value = 10, .ci95 = Interval{7, 14}}, {.value = 4, .ci95 = Interval{1, 8}});
  EXPECT_DOUBLE_EQ(difference.value, 6);
  ASSERT_TRUE(difference.ci95);
  EXPECT_DOUBLE_EQ(difference.ci95->low, 1) << "6 - sqrt(3^2 + 4^2)";
  EXPECT_DOUBLE_EQ(difference.ci95->high, 11) << "6 + sqrt(4^2 + 3^2)";
  EXPECT_FALSE(difference_of({.value = 10}, {.value = 4, .ci95 = Interval{1, 8}}).ci95);
}

TEST(IndependentEstimates, HaveTheirRatioOnTheScaleOfLogarithms) {
  const Estimate ratio = ratio_of({.value = 8, .ci95 = Interval{4, 16}}, {.value = 2, .ci95 = Interval{2, 2}});
  EXPECT_DOUBLE_EQ(ratio.value, 4);
  ASSERT_TRUE(ratio.ci95);
  EXPECT_DOUBLE_EQ(ratio.ci95->low, 2);
  EXPECT_DOUBLE_EQ(ratio.ci95->high, 8);
}

TEST(UnpairedComparison, NeedsNoAsManyRunsOfEither) {
  const auto comparison = compare_unpaired(runs_from(100, 40), runs_from(120, 9), {});
  // A fifth of 40 values from 100 in steps of 1 lies at 7.8 steps, of 9 from 120 in steps of 1.2 at 1.6.
  EXPECT_DOUBLE_EQ(comparison.a, 107.8);
  EXPECT_DOUBLE_EQ(comparison.b, 121.92);
  EXPECT_NEAR(comparison.difference.value, -14.12, 1e-9);
  EXPECT_NEAR(comparison.ratio.value, 107.8 / 121.92, 1e-12);
  ASSERT_TRUE(comparison.ratio.ci95 && comparison.difference.ci95);
  EXPECT_TRUE(comparison.ratio.ci95->contains(107.8 / 121.92));
  EXPECT_EQ(comparison.verdict, Verdict::kALower);
  EXPECT_EQ(compare_unpaired(runs_from(120, 9), runs_from(100, 40), {}).verdict, Verdict::kBLower);
}

TEST(UnpairedComparison, OfIdenticalRunsIsNoDifferenceOrCannotTell) {
  const std::vector<double> narrow{100, 100.1, 100.2, 100.1, 100, 100.2, 100.1, 100};
  EXPECT_EQ(compare_unpaired(narrow, narrow, {}).verdict, Verdict::kNoDifference);
  const std::vector<double> wide{100, 180, 120, 150, 100, 170, 130, 110};
  EXPECT_EQ(compare_unpaired(wide, wide, kMeans).verdict, Verdict::kCannotTell);
  EXPECT_FALSE(compare_unpaired(wide, wide, kMeans).more_pairs);
}

TEST(UnpairedComparison, CountsStandForByTheirMean) {
  const std::vector<double> a(10, 4);
  std::vector<double> b(10, 5);
  const auto comparison = compare_unpaired(a, b, kMeans);
  EXPECT_DOUBLE_EQ(comparison.a, 4);
  EXPECT_DOUBLE_EQ(comparison.b, 5);
  EXPECT_EQ(comparison.verdict, Verdict::kALower);
  b.assign(10, 0);
  EXPECT_EQ(compare_unpaired(b, b, kMeans).verdict, Verdict::kNoDifference) << "none is as many as none";
  EXPECT_DOUBLE_EQ(compare_unpaired(b, b, kMeans).ratio.value, 0) << "and no ratio";
}

TEST(UnpairedComparison, OfTooFewRunsHasNoInterval) {
  const auto comparison = compare_unpaired(runs_from(100, 7), runs_from(200, 40), {});
  EXPECT_FALSE(comparison.difference.ci95);
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
}

TEST(UnpairedComparison, LeavesOutWhatIsNoNumber) {
  std::vector<double> a = runs_from(100, 9);
  const auto without = compare_unpaired(a, a, {});
  a.push_back(std::numeric_limits<double>::quiet_NaN());
  EXPECT_DOUBLE_EQ(compare_unpaired(a, a, {}).a, without.a);
  EXPECT_EQ(compare_unpaired({}, a, {}).verdict, Verdict::kCannotTell);
}

}  // namespace
}  // namespace sockscope

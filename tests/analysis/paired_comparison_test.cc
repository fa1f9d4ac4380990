#include "analysis/paired_comparison.h"

#include <gmock/gmock.h>

#include <limits>
#include <vector>

namespace sockscope {
namespace {

using Pairs = std::vector<RunPair>;

Pairs repeated(RunPair pair, std::size_t times) { return Pairs(times, pair); }

PairedComparison compare(const Pairs& pairs) { return compare_pairs(pairs, PairedRule{}); }

TEST(ComparePairs, OfNothingSayNothing) {
  const PairedComparison comparison = compare({});
  EXPECT_EQ(comparison.difference.value, 0);
  EXPECT_FALSE(comparison.difference.ci95);
  EXPECT_EQ(comparison.ratio.value, 0);
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
  EXPECT_FALSE(comparison.more_pairs);
}

TEST(ComparePairs, FivePairsHaveNoInterval) {
  const PairedComparison comparison = compare({{14, 20}, {12, 20}, {10, 20}, {30, 20}, {40, 20}});
  EXPECT_DOUBLE_EQ(comparison.a, 11.6);  // At 0.2 of the way from the first to the fifth of 10 12 14 30 40.
  EXPECT_EQ(comparison.b, 20);
  EXPECT_DOUBLE_EQ(comparison.difference.value, -8.4);
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 0.58);
  EXPECT_FALSE(comparison.difference.ci95);
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
}

TEST(ComparePairs, MeansAreOfAllRuns) {
  const PairedComparison comparison =
      compare_pairs(Pairs{{14, 20}, {12, 20}, {10, 20}, {30, 20}, {40, 20}}, {.centre = Centre::kMean});
  EXPECT_DOUBLE_EQ(comparison.a, 21.2);
  EXPECT_DOUBLE_EQ(comparison.difference.value, 1.2);
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 1.06);
}

TEST(ComparePairs, EqualConstantsAreNoDifference) {
  const PairedComparison comparison = compare(repeated({2, 2}, 6));
  EXPECT_EQ(comparison.ratio.value, 1);
  EXPECT_EQ(comparison.ratio.ci95->low, 1);
  EXPECT_EQ(comparison.ratio.ci95->high, 1);
  EXPECT_EQ(comparison.difference.ci95->width(), 0);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, DifferentConstantsAreTold) {
  const PairedComparison comparison = compare(repeated({2, 3}, 6));
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 2.0 / 3);
  EXPECT_EQ(comparison.ratio.ci95->width(), 0);
  EXPECT_EQ(comparison.difference.value, -1);
  EXPECT_EQ(comparison.verdict, Verdict::kALower);
  EXPECT_EQ(compare(repeated({3, 2}, 6)).verdict, Verdict::kBLower);
}

TEST(ComparePairs, ConstantsWithinTheSmallestEffectAreNoDifference) {
  EXPECT_EQ(compare(repeated({101.9, 100}, 6)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({102.1, 100}, 6)).verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({100, 101.9}, 6)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({100, 102.1}, 6)).verdict, Verdict::kALower);
}

TEST(ComparePairs, ZeroInBothIsNoDifference) {
  const PairedComparison comparison = compare(repeated({0, 0}, 6));
  EXPECT_EQ(comparison.ratio.value, 0);
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.difference.ci95->width(), 0);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, ZeroInOneHasNoRatioAndIsToldByTheDifference) {
  const PairedComparison drops = compare(repeated({3, 0}, 6));
  EXPECT_EQ(drops.ratio.value, 0);
  EXPECT_FALSE(drops.ratio.ci95);
  EXPECT_EQ(drops.difference.value, 3);
  EXPECT_EQ(drops.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({0, 3}, 6)).verdict, Verdict::kALower);
}

TEST(ComparePairs, NegativeValuesAreToldByTheDifference) {
  const PairedComparison comparison = compare(repeated({-5, -100}, 6));
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({-99, -100}, 6)).verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, WhatIsNotFiniteIsLeftOut) {
  Pairs pairs = repeated({2, 3}, 5);
  pairs.push_back({.a = std::numeric_limits<double>::quiet_NaN(), .b = 3});
  pairs.push_back({.a = 2, .b = std::numeric_limits<double>::infinity()});
  EXPECT_FALSE(compare(pairs).difference.ci95);  // Five are left.
  pairs.push_back({.a = 2, .b = 3});
  EXPECT_EQ(compare(pairs).verdict, Verdict::kALower);
}

TEST(ComparePairs, ExchangedVariantsGiveTheReciprocal) {
  const Pairs pairs = {{10, 9}, {11, 10}, {12, 13}, {9, 8}, {15, 11}, {10, 8}};
  Pairs exchanged;
  for (const RunPair& pair : pairs) exchanged.push_back({.a = pair.b, .b = pair.a});
  EXPECT_DOUBLE_EQ(compare(pairs).ratio.value, 1 / compare(exchanged).ratio.value);
  EXPECT_EQ(compare(pairs).difference.value, -compare(exchanged).difference.value);
}

TEST(ComparePairs, CannotTellSaysHowManyMoreWould) {
  // Half of either's runs take 10 % longer, so that a fifth of them may do or not.
  Pairs pairs = repeated({110, 100}, 5);
  pairs.insert(pairs.end(), 5, {100, 110});
  const PairedComparison comparison = compare(pairs);
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 1);
  EXPECT_DOUBLE_EQ(comparison.ratio.ci95->low, 100.0 / 110);
  EXPECT_DOUBLE_EQ(comparison.ratio.ci95->high, 110.0 / 100);
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
  // (log 1.1 / log 1.02)^2 = 23.165 times as many as ten.
  EXPECT_EQ(comparison.more_pairs, 222);
}

TEST(ComparePairs, OfMeansOfPartsTheDifferencesAddUp) {
  const Pairs one = {{1, 2}, {3, 5}, {2, 2}, {4, 7}, {8, 1}};
  const Pairs other = {{5, 1}, {1, 1}, {0, 9}, {2, 2}, {6, 4}};
  Pairs whole;
  for (std::size_t pair = 0; pair < one.size(); ++pair) {
    whole.push_back({.a = one[pair].a + other[pair].a, .b = one[pair].b + other[pair].b});
  }
  const PairedRule means{.centre = Centre::kMean};
  EXPECT_NEAR(compare_pairs(one, means).difference.value, 0.2, 1e-14);
  EXPECT_NEAR(compare_pairs(other, means).difference.value, -0.6, 1e-14);
  EXPECT_NEAR(compare_pairs(whole, means).difference.value, -0.4, 1e-14);
}

}  // namespace
}  // namespace sockscope

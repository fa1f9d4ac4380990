#include "analysis/paired_comparison.h"

#include <gmock/gmock.h>

#include <cmath>
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

TEST(ComparePairs, FourPairsHaveMiddlesAndNoInterval) {
  const PairedComparison comparison = compare({{10, 20}, {12, 20}, {14, 20}, {30, 20}});
  EXPECT_EQ(comparison.a, 13);
  EXPECT_EQ(comparison.b, 20);
  EXPECT_EQ(comparison.difference.value, -7);
  EXPECT_DOUBLE_EQ(comparison.ratio.value, std::sqrt(0.6 * 0.7));
  EXPECT_FALSE(comparison.difference.ci95);
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
}

TEST(ComparePairs, EqualConstantsAreNoDifference) {
  const PairedComparison comparison = compare(repeated({2, 2}, 5));
  EXPECT_EQ(comparison.ratio.value, 1);
  EXPECT_EQ(comparison.ratio.ci95->low, 1);
  EXPECT_EQ(comparison.ratio.ci95->high, 1);
  EXPECT_EQ(comparison.difference.ci95->width(), 0);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, DifferentConstantsAreTold) {
  const PairedComparison comparison = compare(repeated({2, 3}, 5));
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 2.0 / 3);
  EXPECT_EQ(comparison.ratio.ci95->width(), 0);
  EXPECT_EQ(comparison.difference.value, -1);
  EXPECT_EQ(comparison.verdict, Verdict::kALower);
  EXPECT_EQ(compare(repeated({3, 2}, 5)).verdict, Verdict::kBLower);
}

TEST(ComparePairs, ConstantsWithinTheSmallestEffectAreNoDifference) {
  EXPECT_EQ(compare(repeated({101.9, 100}, 5)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({102.1, 100}, 5)).verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({100, 101.9}, 5)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({100, 102.1}, 5)).verdict, Verdict::kALower);
}

TEST(ComparePairs, ZeroInBothIsNoDifference) {
  const PairedComparison comparison = compare(repeated({0, 0}, 5));
  EXPECT_EQ(comparison.ratio.value, 1);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, ZeroInOneHasNoRatioAndIsToldByTheDifference) {
  const PairedComparison drops = compare(repeated({3, 0}, 5));
  EXPECT_EQ(drops.ratio.value, 0);
  EXPECT_FALSE(drops.ratio.ci95);
  EXPECT_EQ(drops.difference.value, 3);
  EXPECT_EQ(drops.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({0, 3}, 5)).verdict, Verdict::kALower);
}

TEST(ComparePairs, NegativeValuesAreToldByTheDifference) {
  const PairedComparison comparison = compare(repeated({-5, -100}, 5));
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({-99, -100}, 5)).verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, WhatIsNotFiniteIsLeftOut) {
  Pairs pairs = repeated({2, 3}, 4);
  pairs.push_back({.a = std::numeric_limits<double>::quiet_NaN(), .b = 3});
  pairs.push_back({.a = 2, .b = std::numeric_limits<double>::infinity()});
  EXPECT_FALSE(compare(pairs).difference.ci95);  // Four are left.
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
  // Half above and half below, 10 % apart.
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

TEST(ComparePairs, EqualPairsGiveEqualResults) {
  const Pairs pairs = {{10, 9}, {11, 10}, {12, 13}, {9, 8}, {15, 11}, {10, 8}, {10, 9.5}};
  EXPECT_EQ(compare(pairs).difference.ci95->low, compare(pairs).difference.ci95->low);
  EXPECT_EQ(compare(pairs).difference.ci95->high, compare(pairs).difference.ci95->high);
}

TEST(MeanDifference, OfPartsAddsUpToThatOfTheWhole) {
  const Pairs one = {{1, 2}, {3, 5}, {2, 2}, {4, 7}, {8, 1}};
  const Pairs other = {{5, 1}, {1, 1}, {0, 9}, {2, 2}, {6, 4}};
  Pairs whole;
  for (std::size_t pair = 0; pair < one.size(); ++pair) {
    whole.push_back({.a = one[pair].a + other[pair].a, .b = one[pair].b + other[pair].b});
  }
  const PairedRule rule;
  EXPECT_DOUBLE_EQ(mean_difference(one, rule).value, 0.2);
  EXPECT_DOUBLE_EQ(mean_difference(other, rule).value, -0.6);
  EXPECT_DOUBLE_EQ(mean_difference(whole, rule).value, -0.4);
}

}  // namespace
}  // namespace sockscope

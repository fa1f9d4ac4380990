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

TEST(ComparePairs, SevenPairsHaveNoInterval) {
  const PairedComparison comparison = compare({{14, 20}, {12, 20}, {10, 20}, {30, 20}, {40, 20}, {50, 20}, {60, 20}});
  EXPECT_DOUBLE_EQ(comparison.a, 12.4);  // 1.2 places from the first of 10 12 14 30 40 50 60.
  EXPECT_EQ(comparison.b, 20);
  EXPECT_DOUBLE_EQ(comparison.difference.value, -7.6);
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 0.62);
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
  const PairedComparison comparison = compare(repeated({2, 2}, 8));
  EXPECT_EQ(comparison.ratio.value, 1);
  EXPECT_EQ(comparison.ratio.ci95->low, 1);
  EXPECT_EQ(comparison.ratio.ci95->high, 1);
  EXPECT_EQ(comparison.difference.ci95->width(), 0);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, DifferentConstantsAreTold) {
  const PairedComparison comparison = compare(repeated({2, 3}, 8));
  EXPECT_DOUBLE_EQ(comparison.ratio.value, 2.0 / 3);
  EXPECT_EQ(comparison.ratio.ci95->width(), 0);
  EXPECT_EQ(comparison.difference.value, -1);
  EXPECT_EQ(comparison.verdict, Verdict::kALower);
  EXPECT_EQ(compare(repeated({3, 2}, 8)).verdict, Verdict::kBLower);
}

TEST(ComparePairs, ConstantsWithinTheSmallestEffectAreNoDifference) {
  EXPECT_EQ(compare(repeated({101.9, 100}, 8)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({102.1, 100}, 8)).verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({100, 101.9}, 8)).verdict, Verdict::kNoDifference);
  EXPECT_EQ(compare(repeated({100, 102.1}, 8)).verdict, Verdict::kALower);
}

TEST(ComparePairs, ZeroInBothIsNoDifference) {
  const PairedComparison comparison = compare(repeated({0, 0}, 8));
  EXPECT_EQ(comparison.ratio.value, 0);
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.difference.ci95->width(), 0);
  EXPECT_EQ(comparison.verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, ZeroInOneHasNoRatioAndIsToldByTheDifference) {
  const PairedComparison drops = compare(repeated({3, 0}, 8));
  EXPECT_EQ(drops.ratio.value, 0);
  EXPECT_FALSE(drops.ratio.ci95);
  EXPECT_EQ(drops.difference.value, 3);
  EXPECT_EQ(drops.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({0, 3}, 8)).verdict, Verdict::kALower);
}

TEST(ComparePairs, NegativeValuesAreToldByTheDifference) {
  const PairedComparison comparison = compare(repeated({-5, -100}, 8));
  EXPECT_FALSE(comparison.ratio.ci95);
  EXPECT_EQ(comparison.verdict, Verdict::kBLower);
  EXPECT_EQ(compare(repeated({-99, -100}, 8)).verdict, Verdict::kNoDifference);
}

TEST(ComparePairs, WhatIsNotFiniteIsLeftOut) {
  Pairs pairs = repeated({2, 3}, 7);
  pairs.push_back({.a = std::numeric_limits<double>::quiet_NaN(), .b = 3});
  pairs.push_back({.a = 2, .b = std::numeric_limits<double>::infinity()});
  EXPECT_FALSE(compare(pairs).difference.ci95);  // Seven are left.
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
  // With 33 pairs, two errors above the fifth is 0.2 + 2 x 1.96 x 0.4 / sqrt(33) = 0.473 of the way from 100 to 110, of
  // which 4/9 are at 100: 102.57. log 1.0257 / sqrt(2) = 0.018 < log 1.02; with 32 it is 0.0201.
  EXPECT_EQ(comparison.more_pairs, 23);
}

TEST(ComparePairs, OfMeansTheIntervalNarrowsWithTheSquareRoot) {
  Pairs pairs = repeated({110, 100}, 20);
  pairs.insert(pairs.end(), 20, {100, 110});
  const PairedComparison comparison = compare_pairs(pairs, {.centre = Centre::kMean});
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
  const double narrower = std::log(comparison.ratio.ci95->high / comparison.ratio.ci95->low) / 2 / std::log(1.02);
  const auto in_all = static_cast<double>(40 + *comparison.more_pairs);
  EXPECT_GE(in_all, 40 * narrower * narrower);
  EXPECT_LE(in_all, 40 * narrower * narrower * 1.05 + 1);
}

TEST(ComparePairs, ThousandsOfPairsAreNotAskedFor) {
  Pairs pairs = repeated({400, 100}, 5);
  pairs.insert(pairs.end(), 5, {100, 400});
  const PairedComparison comparison = compare_pairs(pairs, {.centre = Centre::kMean});
  EXPECT_EQ(comparison.verdict, Verdict::kCannotTell);
  EXPECT_FALSE(comparison.more_pairs);
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

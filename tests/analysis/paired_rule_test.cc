// How often the verdict is right on a simulated machine of which 30 % of the runs are slow: as docs/statistics.md
// claims.

#include <gtest/gtest.h>

#include "tests/statistics_study/machine_model.h"
#include "tests/statistics_study/tally.h"

namespace sockscope {
namespace {

constexpr std::size_t kComparisons = 500;

test::Tally tally_of(std::size_t pairs, double effect, const PairedRule& rule = {}) {
  test::MachineRuns machine({}, 1);
  return test::tally_of(
      kComparisons, pairs, [&](std::size_t count) { return machine.pairs(count, effect); }, effect, rule);
}

TEST(PairedRule, OfIdenticalCodeRarelySaysOtherwise) {
  const test::Tally ten = tally_of(10, 1);
  EXPECT_EQ(ten.covered(), 484);
  EXPECT_EQ(ten.one_of_the_two(), 5);
  const test::Tally forty = tally_of(40, 1);
  EXPECT_EQ(forty.covered(), 473);
  EXPECT_EQ(forty.no_difference(), 499);
  EXPECT_EQ(forty.one_of_the_two(), 0);
}

TEST(PairedRule, FindsADifferenceWithTwentyPairs) {
  // A difference as large as the smallest effect is told in half of the tries: half of the ratios lie beyond it.
  EXPECT_EQ(tally_of(20, 1.02).told(), 245);
  EXPECT_EQ(tally_of(20, 1.05).told(), 491);
  EXPECT_EQ(tally_of(20, 1.10).told(), 494);
}

TEST(PairedRule, StandsASlowModeThatNeighboursShare) {
  test::MachineRuns machine({.slow_share = 0.8, .persistence = 1}, 1);
  const auto pairs = [&](std::size_t count) { return machine.pairs(count, 1); };
  const test::Tally twenty = test::tally_of(kComparisons, 20, pairs, 1);
  EXPECT_EQ(twenty.no_difference(), 492);
  EXPECT_EQ(twenty.one_of_the_two(), 2);
}

TEST(PairedRule, OfMeansHoldsItsIntervalToo) { EXPECT_EQ(tally_of(40, 1, {.centre = Centre::kMean}).covered(), 477); }

}  // namespace
}  // namespace sockscope

#include "analysis/outlier_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Ratios of 1.00, 1.01, 1.02 and 1.03, twice each; their quartiles are about 1.0075 and 1.0225, so that three times
/// what lies between ends at 0.965 and 1.069.
std::vector<RunPair> usual() {
  std::vector<RunPair> pairs;
  for (unsigned i = 0; i < 8; ++i) pairs.push_back({.a = 100.0 + i % 4, .b = 100, .round = i + 1});
  return pairs;
}

TEST(OutlierPairs, AreFarOutsideOfTheQuartiles) {
  auto pairs = usual();
  EXPECT_THAT(outlier_pairs(pairs), IsEmpty());
  pairs.push_back({.a = 105, .b = 100, .round = 9});
  EXPECT_THAT(outlier_pairs(pairs), IsEmpty());
  pairs.push_back({.a = 150, .b = 100, .round = 10});
  pairs.push_back({.a = 70, .b = 100, .round = 11});
  const auto outliers = outlier_pairs(pairs);
  ASSERT_THAT(outliers, SizeIs(2));
  EXPECT_EQ(outliers[0].round, 10U);
  EXPECT_EQ(outliers[1].round, 11U);
}

TEST(OutlierPairs, OfTooFewPairsOrWithoutRatiosAreNone) {
  auto pairs = usual();
  pairs.resize(6);
  pairs.push_back({.a = 1000, .b = 100, .round = 7});
  EXPECT_THAT(outlier_pairs(pairs), IsEmpty());
  pairs = usual();
  pairs.push_back({.a = 1000, .b = 0, .round = 9});
  EXPECT_THAT(outlier_pairs(pairs), IsEmpty());
}

}  // namespace
}  // namespace sockscope

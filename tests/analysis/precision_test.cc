#include "analysis/precision.h"

#include <gmock/gmock.h>

#include <vector>

namespace sockscope {
namespace {

PairedComparison with_ratio(double low, double high) {
  PairedComparison comparison;
  comparison.ratio.ci95 = Interval{.low = low, .high = high};
  return comparison;
}

TEST(Precision, HalfWidthIsAShareOfTheRatio) {
  EXPECT_NEAR(*half_width(with_ratio(0.5 / 1.02, 0.5 * 1.02)), 0.02, 1e-15);
  EXPECT_EQ(*half_width(with_ratio(3, 3)), 0);
  EXPECT_FALSE(half_width(PairedComparison{}));
}

TEST(Precision, HalfTheWidthTakesFourTimesAsManyPairs) {
  EXPECT_EQ(pairs_for_width(with_ratio(1 / 1.0404, 1.0404), 20, 0.02), 80);
  EXPECT_EQ(pairs_for_width(with_ratio(1 / 1.0404, 1.0404), 20, 0.05), 20);
  EXPECT_EQ(pairs_for_width(with_ratio(1, 1), 20, 0.02), 20);
  EXPECT_FALSE(pairs_for_width(with_ratio(0.5, 2), 20, 0.02));  // (log 2 / log 1.02)^2 x 20 = 24,505.
  EXPECT_FALSE(pairs_for_width(PairedComparison{}, 20, 0.02));
}

TEST(Precision, LooksGrowApart) {
  std::vector<std::size_t> looks;
  for (std::size_t pairs = 0; pairs <= 100; ++pairs) {
    if (may_stop_after(pairs)) looks.push_back(pairs);
  }
  EXPECT_THAT(looks, testing::ElementsAre(20, 25, 31, 38, 47, 58, 72, 90));
}

}  // namespace
}  // namespace sockscope

#include "base/histogram.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>

/// The statistics, against numbers worked by hand.
namespace sockscope {
namespace {

Histogram histogram_of(std::initializer_list<std::uint64_t> values) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

TEST(Histogram, EmptyGivesZeroEverywhere) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.sum(), 0U);
  EXPECT_EQ(histogram.min(), 0U);
  EXPECT_EQ(histogram.max(), 0U);
  EXPECT_EQ(histogram.mean(), 0.0);
  EXPECT_EQ(histogram.quantile(0.5), 0U);
  EXPECT_TRUE(histogram.filled_buckets().empty());
}

TEST(Histogram, OneValueIsEveryQuantileExactly) {
  // 12,370 lies in the bucket 12,352..12,383, whose middle is another number.
  const Histogram histogram = histogram_of({12'370});
  for (const double quantile : {0.0, 0.001, 0.5, 0.99, 1.0}) EXPECT_EQ(histogram.quantile(quantile), 12'370U);
  EXPECT_EQ(histogram.min(), 12'370U);
  EXPECT_EQ(histogram.max(), 12'370U);
  EXPECT_EQ(histogram.mean(), 12'370.0);
}

TEST(Histogram, ZeroIsAValue) {
  const Histogram histogram = histogram_of({0, 0, 3});
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.min(), 0U);
  EXPECT_EQ(histogram.quantile(0.5), 0U);
  EXPECT_EQ(histogram.mean(), 1.0);
}

TEST(Histogram, QuantilesAreNearestRank) {
  const Histogram histogram = histogram_of({70, 10, 100, 30, 50, 20, 90, 40, 80, 60});
  EXPECT_EQ(histogram.quantile(0.0), 10U);   // rank 0 does not exist: the first
  EXPECT_EQ(histogram.quantile(0.1), 10U);   // ceil(1)
  EXPECT_EQ(histogram.quantile(0.11), 20U);  // ceil(1.1)
  EXPECT_EQ(histogram.quantile(0.5), 50U);   // ceil(5), the lower of the two in the middle
  EXPECT_EQ(histogram.quantile(0.51), 60U);
  EXPECT_EQ(histogram.quantile(0.9), 90U);
  EXPECT_EQ(histogram.quantile(0.91), 100U);
  EXPECT_EQ(histogram.quantile(1.0), 100U);
}

TEST(Histogram, QuantilesOutsideZeroToOneAreItsEnds) {
  const Histogram histogram = histogram_of({10, 20, 30});
  EXPECT_EQ(histogram.quantile(-1.0), 10U);
  EXPECT_EQ(histogram.quantile(7.0), 30U);
}

TEST(Histogram, P999NeedsAThousandValues) {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 500; ++value) {
    histogram.record(value);
    histogram.record(value);
  }
  EXPECT_EQ(histogram.quantile(0.999), 500U);   // rank 999
  EXPECT_EQ(histogram.quantile(0.998), 499U);   // rank 998
  EXPECT_EQ(histogram.quantile(0.99), 495U);    // rank 990
  EXPECT_EQ(histogram.quantile(0.9991), 500U);  // rank 1000
}

TEST(Histogram, SumMeanAndEndsAreExactWhereBucketsAreNot) {
  const Histogram histogram = histogram_of({1'000'001, 2'000'003, 4'000'007});
  EXPECT_EQ(histogram.sum(), 7'000'011U);
  EXPECT_EQ(histogram.mean(), 2'333'337.0);
  EXPECT_EQ(histogram.min(), 1'000'001U);
  EXPECT_EQ(histogram.max(), 4'000'007U);
}

TEST(Histogram, AQuantileIsTheMiddleOfItsBucket) {
  // 2^13 <= 12,370 < 2^14, cut into 256 buckets of 32: 12,352..12,383, middle 12,368.
  EXPECT_EQ(histogram_of({1, 12'370, 20'000}).quantile(0.5), 12'368U);
  // Two of the same: the middle would be below the minimum.
  EXPECT_EQ(histogram_of({12'370, 12'370}).quantile(0.5), 12'370U);
}

TEST(Histogram, MergingIsRecordingBoth) {
  const Histogram left = histogram_of({10, 20, 30});
  const Histogram right = histogram_of({5, 1'000'000});
  Histogram merged = left;
  merged.merge(right);
  const Histogram together = histogram_of({10, 20, 30, 5, 1'000'000});
  EXPECT_EQ(merged.filled_buckets(), together.filled_buckets());
  EXPECT_EQ(merged.count(), 5U);
  EXPECT_EQ(merged.sum(), 1'000'065U);
  EXPECT_EQ(merged.min(), 5U);
  EXPECT_EQ(merged.max(), 1'000'000U);
  EXPECT_EQ(merged.quantile(0.5), 20U);
}

TEST(Histogram, MergingWithAnEmptyOneChangesNothing) {
  Histogram histogram = histogram_of({10, 20});
  histogram.merge(Histogram());
  EXPECT_EQ(histogram.min(), 10U);
  EXPECT_EQ(histogram.max(), 20U);
  EXPECT_EQ(histogram.count(), 2U);

  Histogram empty;
  empty.merge(histogram);
  EXPECT_EQ(empty.min(), 10U);
  EXPECT_EQ(empty.max(), 20U);
  EXPECT_EQ(empty.filled_buckets(), histogram.filled_buckets());
}

TEST(Histogram, ValuesBeyondTheRangeKeepCountSumAndMaximum) {
  constexpr std::uint64_t beyond = Histogram::kMaxValue + 1'000'000;
  const Histogram histogram = histogram_of({beyond, beyond + 1, beyond + 2});
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.sum(), 3 * beyond + 3);
  EXPECT_EQ(histogram.max(), beyond + 2);
  EXPECT_EQ(histogram.quantile(1.0), beyond + 2);
  // Which of the last bucket it was is lost, but nothing goes below what was seen.
  EXPECT_EQ(histogram.quantile(0.5), beyond);
}

}  // namespace
}  // namespace sockscope

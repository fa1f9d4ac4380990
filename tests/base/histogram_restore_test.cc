#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/histogram.h"

/// A histogram that went through a file, an honest one and a hostile one.
namespace sockscope {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
using Filled = std::vector<std::pair<std::size_t, std::uint64_t>>;

Histogram restored(const Histogram& histogram) {
  return Histogram::restore(histogram.filled_buckets(), histogram.min(), histogram.max(), histogram.sum());
}

TEST(HistogramRestore, FilledBucketsAreThoseWithValuesInRisingOrder) {
  Histogram histogram;
  for (const std::uint64_t value : {700U, 3U, 701U, 3U}) histogram.record(value);
  // 700 and 701 share a bucket: 512..1023 in steps of 2, the (700 - 512) / 2 = 94th after 512.
  EXPECT_EQ(histogram.filled_buckets(), (Filled{{3, 2}, {512 + 94, 2}}));
}

TEST(HistogramRestore, GivesBackEveryStatistic) {
  Histogram histogram;
  for (std::uint64_t value = 1; value < Histogram::kMaxValue; value = value * 5 / 2 + 1) histogram.record(value);
  const Histogram copy = restored(histogram);
  EXPECT_EQ(copy.count(), histogram.count());
  EXPECT_EQ(copy.sum(), histogram.sum());
  EXPECT_EQ(copy.min(), histogram.min());
  EXPECT_EQ(copy.max(), histogram.max());
  EXPECT_EQ(copy.filled_buckets(), histogram.filled_buckets());
  for (int percent = 0; percent <= 100; ++percent) {
    EXPECT_EQ(copy.quantile(percent / 100.0), histogram.quantile(percent / 100.0)) << percent;
  }
}

TEST(HistogramRestore, AnEmptyOneIsAsGoodAsNew) {
  Histogram histogram = restored(Histogram());
  EXPECT_TRUE(histogram.empty());
  histogram.record(42);
  EXPECT_EQ(histogram.min(), 42U);
  EXPECT_EQ(histogram.max(), 42U);
}

TEST(HistogramRestore, WithoutBucketsTheOtherNumbersAreNotBelieved) {
  const Histogram histogram = Histogram::restore({}, 7, 9, 1'000);
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.sum(), 0U);
  EXPECT_EQ(histogram.max(), 0U);
}

TEST(HistogramRestore, IndicesBeyondTheLastBucketAreIgnored) {
  const std::size_t last = Histogram::bucket_of(Histogram::kMaxValue);
  const Histogram histogram = Histogram::restore(Filled{{5, 1}, {last + 1, 10}, {SIZE_MAX, 10}}, 5, 5, 5);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.filled_buckets(), (Filled{{5, 1}}));
  EXPECT_EQ(Histogram::restore(Filled{{last, 2}}, 0, kMost, 0).count(), 2U);
}

TEST(HistogramRestore, RepeatedIndicesAddUp) {
  const Histogram histogram = Histogram::restore(Filled{{5, 1}, {5, 2}}, 5, 5, 15);
  EXPECT_EQ(histogram.filled_buckets(), (Filled{{5, 3}}));
}

TEST(HistogramRestore, SwappedEndsAreSetRight) {
  const Histogram histogram = Histogram::restore(Filled{{10, 1}, {20, 1}}, 20, 10, 30);
  EXPECT_EQ(histogram.min(), 10U);
  EXPECT_EQ(histogram.max(), 20U);
  EXPECT_EQ(histogram.quantile(0.5), 10U);
}

TEST(HistogramRestore, LyingEndsOnlyClampQuantiles) {
  const Histogram histogram = Histogram::restore(Filled{{10, 3}}, 100, 200, 30);
  EXPECT_EQ(histogram.quantile(0.5), 100U);
  EXPECT_EQ(histogram.quantile(1.0), 200U);
}

TEST(HistogramRestore, CountsNearTheLimitKeepTheirRanks) {
  const Histogram histogram = Histogram::restore(Filled{{10, kMost - 1}, {20, 1}}, 10, 20, 0);
  EXPECT_EQ(histogram.quantile(0.5), 10U);
  EXPECT_EQ(histogram.quantile(1.0), 20U);
}

TEST(HistogramRestore, CountsThatOverflowGiveWrongNumbersAndNothingWorse) {
  const Histogram histogram = Histogram::restore(Filled{{10, kMost}, {20, kMost}, {30, 3}}, 10, 30, kMost);
  for (int percent = 0; percent <= 100; ++percent) {
    EXPECT_GE(histogram.quantile(percent / 100.0), 10U);
    EXPECT_LE(histogram.quantile(percent / 100.0), 30U);
  }
  // Wrapped around to no values at all.
  EXPECT_EQ(Histogram::restore(Filled{{10, kMost}, {20, 1}}, 10, 20, 0).quantile(0.5), 0U);
}

}  // namespace
}  // namespace sockscope

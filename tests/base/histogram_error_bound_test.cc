#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/histogram.h"

/// The promise on accuracy, over the whole range and not only where it was thought of.
namespace sockscope {
namespace {

/// What the histogram gives back of a value that is neither its smallest nor its largest.
std::uint64_t read_back(std::uint64_t value) {
  Histogram histogram;
  histogram.record(0);
  histogram.record(value);
  histogram.record(Histogram::kMaxValue + 1);
  return histogram.quantile(0.5);
}

TEST(HistogramErrorBound, ValuesBelow512AreExact) {
  for (std::uint64_t value = 0; value < 512; ++value) ASSERT_EQ(read_back(value), value);
  EXPECT_NE(read_back(512), read_back(514));
  EXPECT_EQ(read_back(512), read_back(513));
}

TEST(HistogramErrorBound, HoldsOverTheWholeRange) {
  double worst = 0;
  // Steps of about 1.3 %, in no relation to the powers of two of the buckets.
  for (std::uint64_t value = 512; value < Histogram::kMaxValue; value += value / 77 + 1) {
    const auto shown = static_cast<double>(read_back(value));
    const double error = std::abs(shown - static_cast<double>(value)) / static_cast<double>(value);
    ASSERT_LE(error, Histogram::kMaxRelativeError) << value;
    worst = std::max(worst, error);
  }
  // The bound is not idle: the sweep comes near it.
  EXPECT_GT(worst, Histogram::kMaxRelativeError * 0.9);
}

TEST(HistogramErrorBound, HoldsAtTheEdgesOfEveryPowerOfTwo) {
  for (std::uint64_t power = 512; power <= Histogram::kMaxValue / 2; power *= 2) {
    for (const std::uint64_t value : {power - 1, power, power + 1}) {
      const double error = std::abs(static_cast<double>(read_back(value)) - static_cast<double>(value));
      ASSERT_LE(error, static_cast<double>(value) * Histogram::kMaxRelativeError) << value;
    }
  }
}

TEST(HistogramErrorBound, BucketsTileTheRangeWithoutGapOrOverlap) {
  const std::size_t last = Histogram::bucket_of(Histogram::kMaxValue);
  EXPECT_EQ(Histogram::lowest_value_of(0), 0U);
  for (std::size_t bucket = 0; bucket <= last; ++bucket) {
    const std::uint64_t lowest = Histogram::lowest_value_of(bucket);
    const std::uint64_t next = Histogram::lowest_value_of(bucket + 1);
    ASSERT_LT(lowest, next) << bucket;
    ASSERT_EQ(Histogram::bucket_of(lowest), bucket);
    ASSERT_EQ(Histogram::bucket_of(next - 1), bucket);
  }
  EXPECT_EQ(Histogram::lowest_value_of(last + 1), Histogram::kMaxValue + 1);
}

TEST(HistogramErrorBound, LargerValuesFallIntoTheLastBucket) {
  const std::size_t last = Histogram::bucket_of(Histogram::kMaxValue);
  EXPECT_EQ(Histogram::bucket_of(Histogram::kMaxValue + 1), last);
  EXPECT_EQ(Histogram::bucket_of(UINT64_MAX), last);
}

}  // namespace
}  // namespace sockscope

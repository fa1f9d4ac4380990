#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "base/histogram.h"
#include "tests/support/counting_new.h"

// There are as many histograms as threads in a recording, so that an empty one must cost nothing; and one of them
// measures, so that recording must not allocate there.
namespace sockscope {
namespace {

using test_support::bytes_allocated_by;

constexpr std::size_t kOctave = 256 * sizeof(std::uint64_t);
constexpr std::size_t kOctaves = 39;

TEST(HistogramMemory, AnEmptyOneHasNone) {
  EXPECT_EQ(bytes_allocated_by([] {
              Histogram histogram;
              histogram.merge(Histogram());
              EXPECT_EQ(histogram.quantile(0.5), 0U);
            }),
            0U);
}

TEST(HistogramMemory, FollowsTheLargestValue) {
  EXPECT_EQ(bytes_allocated_by([] { Histogram().record(255); }), kOctave);
  EXPECT_EQ(bytes_allocated_by([] { Histogram().record(256); }), 2 * kOctave);
  EXPECT_EQ(bytes_allocated_by([] { Histogram().record(1'000'000); }), 13 * kOctave);
  EXPECT_EQ(bytes_allocated_by([] { Histogram().record(~0ULL); }), kOctaves * kOctave);
}

TEST(HistogramMemory, ReservedItIsTakenOnceAndForAll) {
  Histogram histogram;
  EXPECT_EQ(bytes_allocated_by([&] { histogram.reserve(); }), kOctaves * kOctave);
  EXPECT_EQ(bytes_allocated_by([&] {
              for (std::uint64_t value = 1; value != 0; value <<= 1U) histogram.record(value);
            }),
            0U);
}

}  // namespace
}  // namespace sockscope

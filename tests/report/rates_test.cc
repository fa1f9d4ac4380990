#include "report/rates.h"

#include <gtest/gtest.h>

#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

TEST(Rates, OfAStreamAreItsBitsOverItsTime) {
  Summary summary = one_way();
  // 10,000 x 1400 bytes in 5 ms; the bucket of the time does not matter, its sum is exact.
  EXPECT_DOUBLE_EQ(*goodput_bits_per_s(untraced_of(summary, 0).measured), 22.4e9);
  EXPECT_DOUBLE_EQ(*goodput_bits_per_s(untraced_of(summary, 1).measured), 0.9 * 22.4e9);
  EXPECT_DOUBLE_EQ(*units_per_s(untraced_of(summary, 0)), 500'000);
}

TEST(Rates, OfWhatWasNotMeasuredAreAbsent) {
  EXPECT_FALSE(goodput_bits_per_s({}));
  EXPECT_FALSE(units_per_s({}));
}

}  // namespace
}  // namespace sockscope::testing

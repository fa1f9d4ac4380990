#include "report/numbers.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sockscope {
namespace {

TEST(Numbers, CountsHaveThousandsSeparated) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1'000), "1,000");
  EXPECT_EQ(format_count(12'345), "12,345");
  EXPECT_EQ(format_count(999'999'999), "999,999,999");
}

TEST(Numbers, HugeCountsAreShort) {
  EXPECT_EQ(format_count(1'000'000'000), "1.000e+09");
  EXPECT_EQ(format_count(UINT64_MAX), "1.845e+19");
}

TEST(Numbers, MicrosecondsHaveTheDigitsTheyDeserve) {
  EXPECT_EQ(format_us(0), "0.00");
  EXPECT_EQ(format_us(12'370), "12.37");
  EXPECT_EQ(format_us(99'994), "99.99");
  EXPECT_EQ(format_us(123'449), "123.4");
  EXPECT_EQ(format_us(1'246'370), "1,246");
  EXPECT_EQ(format_us(999'999'499), "999,999");
}

TEST(Numbers, RoundingUpAddsNoDigit) {
  EXPECT_EQ(format_us(99'996), "100.0");
  EXPECT_EQ(format_us(999'960), "1,000");
  EXPECT_EQ(format_us(999'999'500), "1.00 s");
}

TEST(Numbers, LongTimesHaveTheirOwnUnit) {
  EXPECT_EQ(format_us(1.5e9), "1.50 s");
  EXPECT_EQ(format_us(3600e9), "3,600 s");
  EXPECT_EQ(format_us(86'400e9), ">1 day");
  EXPECT_EQ(format_us(static_cast<double>(UINT64_MAX)), ">1 day");
}

TEST(Numbers, NegativeTimesAreTheirMirrorImage) {
  EXPECT_EQ(format_us(-2'860), "-2.86");
  EXPECT_EQ(format_us(-1'246'370), "-1,246");
  EXPECT_EQ(format_us(-1), "0.00") << "there is no minus zero";
}

TEST(Numbers, RatiosAndCountsPerRoundTrip) {
  EXPECT_EQ(format_ratio(1.3), "1.30");
  EXPECT_EQ(format_ratio(1234.5), "1,234.50");
  EXPECT_EQ(format_per_round_trip(2.0013), "2.001");
  EXPECT_EQ(format_per_round_trip(-0.0004), "0.000");
  EXPECT_EQ(format_per_round_trip(1e19), "1.000e+19");
}

TEST(Numbers, PercentNeverRoundsToNothingOrToAll) {
  EXPECT_EQ(format_percent(412, 1'000), "41.2 %");
  EXPECT_EQ(format_percent(0, 1'000), "0 %");
  EXPECT_EQ(format_percent(1, 1'000'000), "<0.1 %");
  EXPECT_EQ(format_percent(1'000'000, 1'000'000), "100 %");
  EXPECT_EQ(format_percent(999'999, 1'000'000), ">99.9 %");
  EXPECT_EQ(format_percent(39'990, 40'000, 3), "99.975 %");
  EXPECT_EQ(format_percent(0, 0), "-");
}

TEST(Numbers, SignsShowWhichWayADifferenceGoes) {
  EXPECT_EQ(with_sign("2.86"), "+2.86");
  EXPECT_EQ(with_sign("-2.86"), "-2.86");
  EXPECT_EQ(with_sign("0.00"), "0.00");
  EXPECT_EQ(with_sign("-"), "-");
}

}  // namespace
}  // namespace sockscope

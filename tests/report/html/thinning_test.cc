#include "report/html/thinning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Histogram of(std::initializer_list<std::pair<std::uint64_t, int>> values) {
  Histogram histogram;
  for (const auto& [value, times] : values) {
    for (int i = 0; i < times; ++i) histogram.record(value);
  }
  return histogram;
}

TEST(Tail, OfNothingIsNothing) {
  EXPECT_THAT(tail_of({}), IsEmpty());
  EXPECT_THAT(bars_of({}), IsEmpty());
}

TEST(Tail, SaysHowManyAreAtLeastThatLarge) {
  EXPECT_THAT(tail_of(of({{100, 90}, {200, 9}, {400, 1}})),
              ElementsAre(TailPoint{100, 100}, TailPoint{200, 10}, TailPoint{400, 1}));
}

TEST(Tail, LeavesOutWhatIsNearInTimeAndInShare) {
  // 101 is within 2 % of 100, and 99 of 100 are left; 103 is beyond 2 %.
  EXPECT_THAT(tail_of(of({{100, 1}, {101, 1}, {103, 98}})), ElementsAre(TailPoint{100, 100}, TailPoint{103, 98}));
}

TEST(Tail, KeepsTheSlowestFortyAndTheLargestExactly) {
  // One a nanosecond from 400 on: every one is within 2 % of the one before.
  Histogram histogram;
  for (std::uint64_t ns = 400; ns < 480; ++ns) histogram.record(ns);
  const auto points = tail_of(histogram);
  std::vector<std::uint64_t> last_forty;
  for (const TailPoint& point : points) {
    if (point.at_least <= 40) last_forty.push_back(point.ns);
  }
  ASSERT_EQ(last_forty.size(), 40U);
  EXPECT_EQ(last_forty.front(), 440U);
  EXPECT_EQ(last_forty.back(), 479U);

  const Histogram large = of({{1'000'003, 2}, {123'456'789, 1}});
  EXPECT_EQ(tail_of(large).back(), (TailPoint{123'456'789, 1}));
}

TEST(Tail, OfAMillionValuesIsShort) {
  Histogram histogram;
  std::uint64_t state = 1;
  for (int i = 0; i < 1'000'000; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    histogram.record(5'000 + (state >> 40) * ((state >> 32) % 64 == 0 ? 16 : 1));
  }
  const auto points = tail_of(histogram);
  EXPECT_LT(points.size(), 1'500U);
  EXPECT_EQ(points.front().at_least, 1'000'000U);
  EXPECT_EQ(points.back().ns, histogram.max());
}

TEST(Bars, AddUpToTheWhole) {
  const Histogram histogram = of({{401, 2}, {403, 3}, {404, 1}, {1'000'000, 4}});
  const auto bars = bars_of(histogram);
  ASSERT_EQ(bars.size(), 3U);
  EXPECT_EQ(bars[0], (Bar{400, 404, 5}));
  EXPECT_EQ(bars[1], (Bar{404, 408, 1}));
  // 64 bars between 2^19 and 2^20: 8,192 ns each.
  EXPECT_EQ(bars[2], (Bar{999'424, 1'007'616, 4}));
}

}  // namespace
}  // namespace sockscope

#include "report/plot/log_axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Tick = LogAxis::Tick;

std::vector<std::string> labels_of(const LogAxis& axis) {
  std::vector<std::string> labels;
  for (const Tick& tick : axis.ticks()) labels.push_back(tick.label);
  return labels;
}

TEST(LogAxis, EqualRatiosAreEquallyFarApart) {
  const LogAxis axis(1'000, 1'000'000, 30);  // ten columns a decade
  EXPECT_EQ(axis.column_of(1'000), 0U);
  EXPECT_EQ(axis.column_of(2'000), 3U);  // 10 lg 2 = 3.01
  EXPECT_EQ(axis.column_of(9'999), 9U);
  EXPECT_EQ(axis.column_of(10'001), 10U);
  EXPECT_EQ(axis.column_of(1'000'000), 29U) << "the end belongs to the last column";
}

TEST(LogAxis, HasAPlaceForWhatLiesOutside) {
  const LogAxis axis(1'000, 1'000'000, 30);
  EXPECT_EQ(axis.column_of(0), 0U);
  EXPECT_EQ(axis.column_of(1e18), 29U);
}

TEST(LogAxis, AllButEqualTimesLieInTheMiddle) {
  const LogAxis axis(5'000, 5'000, 40);
  EXPECT_EQ(axis.column_of(5'000), 20U);
  // 5 us / sqrt(1.25) = 4.47 us to 5.59 us.
  EXPECT_THAT(labels_of(axis), ElementsAre("4.5 us", "5 us", "5.5 us"));
}

TEST(LogAxis, LabelsAsManyRoundTimesAsFit) {
  EXPECT_THAT(labels_of(LogAxis(1'000, 100'000, 40)), ElementsAre("1 us", "3 us", "10 us", "30 us", "100 us"));
  EXPECT_THAT(labels_of(LogAxis(1'000, 100'000, 80)),
              ElementsAre("1 us", "2 us", "5 us", "10 us", "20 us", "50 us", "100 us"));
  // "3 us" would begin in column 5, a single blank behind "1 us".
  EXPECT_THAT(labels_of(LogAxis(1'000, 100'000, 30)), ElementsAre("1 us", "10 us", "100 us"));
  EXPECT_THAT(labels_of(LogAxis(10, 1'000'000'000, 40)), ElementsAre("10 ns", "1 s"));
  EXPECT_THAT(labels_of(LogAxis(0, 30, 3)), IsEmpty());
}

TEST(LogAxis, LabelsStandAroundTheirColumnAndWithinTheAxis) {
  const LogAxis axis(1'000, 100'000, 30);
  const auto place = axis.place_of({.column = 14, .label = "10 us"});
  EXPECT_EQ(place.begin, 12U);
  EXPECT_EQ(place.end, 17U);
  EXPECT_EQ(axis.place_of({.column = 0, .label = "1 us"}).begin, 0U);
  EXPECT_EQ(axis.place_of({.column = 29, .label = "100 us"}).end, 30U);
}

TEST(RoundTime, HasTheLargestUnitThatLeavesAWholePart) {
  EXPECT_EQ(round_time(900), "900 ns");
  EXPECT_EQ(round_time(1'500), "1.5 us");
  EXPECT_EQ(round_time(2'000'000), "2 ms");
  EXPECT_EQ(round_time(70'000'000'000), "70 s");
}

}  // namespace
}  // namespace sockscope

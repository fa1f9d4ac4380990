#include "analysis/run_values.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using Times = std::vector<std::uint16_t>;

TEST(RunValues, QuantilesLieBetweenTwoPlaces) {
  const RunValues values({50, 10, 30, 20, 40});
  const Times once(5, 1);
  EXPECT_EQ(values.quantile(0, once), 10);
  EXPECT_EQ(values.quantile(1, once), 50);
  EXPECT_EQ(values.quantile(0.5, once), 30);
  EXPECT_EQ(values.quantile(0.25, once), 20);
  EXPECT_DOUBLE_EQ(values.quantile(0.2, once), 18);  // 0.8 of the way from the first place to the second.
  EXPECT_DOUBLE_EQ(values.quantile(0.9, once), 46);  // 3.6 places from the first.
}

TEST(RunValues, WhatWasDrawnTwiceHasTwoPlaces) {
  const RunValues values({50, 10, 30, 20, 40});
  const Times drawn = {1, 2, 0, 0, 2};  // 10 10 40 40 50
  EXPECT_EQ(values.quantile(0.2, drawn), 10);
  EXPECT_DOUBLE_EQ(values.quantile(0.3, drawn), 16);  // 0.2 of the way from the second place to the third.
  EXPECT_EQ(values.quantile(0.5, drawn), 40);
  EXPECT_DOUBLE_EQ(values.quantile(0.8, drawn), 42);
  EXPECT_EQ(values.mean(drawn), 30);
}

TEST(RunValues, OneIsEveryQuantile) {
  const RunValues value({7});
  EXPECT_EQ(value.quantile(0.2, Times{1}), 7);
  EXPECT_EQ(value.mean(Times{1}), 7);
}

}  // namespace
}  // namespace sockscope

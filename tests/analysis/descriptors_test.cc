#include "analysis/descriptors.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

constexpr bool kCloseOnExec = true;
constexpr bool kStays = false;

TEST(Descriptors, NameTheSocketUntilTheyAreClosed) {
  Descriptors descriptors;
  EXPECT_EQ(descriptors.find(3), kNoSocket);
  descriptors.open(3, 7, kStays);
  EXPECT_EQ(descriptors.find(3), 7);
  descriptors.close(3);
  EXPECT_EQ(descriptors.find(3), kNoSocket);
  descriptors.close(3);
  descriptors.open(3, 8, kStays);
  EXPECT_EQ(descriptors.find(3), 8);
}

TEST(Descriptors, OfADuplicateNameTheSameSocketAndOutliveTheFirst) {
  Descriptors descriptors;
  descriptors.open(3, 7, kStays);
  descriptors.duplicate(3, 0, kStays);
  descriptors.duplicate(3, 3, kCloseOnExec);
  descriptors.close(3);
  EXPECT_EQ(descriptors.find(0), 7);
}

TEST(Descriptors, AreClosedWhereAFileTakesTheirPlace) {
  Descriptors descriptors;
  descriptors.open(3, 7, kStays);
  descriptors.duplicate(9, 3, kStays);
  EXPECT_EQ(descriptors.find(3), kNoSocket);
}

TEST(Descriptors, OfARangeAreClosedBothEndsIncluded) {
  Descriptors descriptors;
  for (const int fd : {3, 4, 5, 1000}) descriptors.open(fd, fd, kStays);
  descriptors.close_range(4, 5);
  EXPECT_EQ(descriptors.find(3), 3);
  EXPECT_EQ(descriptors.find(4), kNoSocket);
  EXPECT_EQ(descriptors.find(5), kNoSocket);
  EXPECT_EQ(descriptors.find(1000), 1000);
  descriptors.close_range(1000, ~0U);
  EXPECT_EQ(descriptors.find(1000), kNoSocket);
  EXPECT_EQ(descriptors.find(3), 3);
}

TEST(Descriptors, MarkedForItDoNotSurviveExec) {
  Descriptors descriptors;
  descriptors.open(3, 7, kCloseOnExec);
  descriptors.open(4, 8, kStays);
  descriptors.open(5, 9, kStays);
  descriptors.open(6, 10, kCloseOnExec);
  descriptors.set_close_on_exec(5, true);
  descriptors.set_close_on_exec(6, false);
  descriptors.set_close_on_exec(99, true);
  descriptors.exec();
  EXPECT_EQ(descriptors.find(3), kNoSocket);
  EXPECT_EQ(descriptors.find(4), 8);
  EXPECT_EQ(descriptors.find(5), kNoSocket);
  EXPECT_EQ(descriptors.find(6), 10);
  EXPECT_EQ(descriptors.find(99), kNoSocket);
}

}  // namespace
}  // namespace sockscope

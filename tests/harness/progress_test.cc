#include "harness/progress.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TimeLeft, IsUnknownBeforeTheFirstStepIsDone) { EXPECT_EQ(time_left(seconds{5}, 0, 10), ""); }

TEST(TimeLeft, IsThatOfTheStepsThatAreDone) {
  EXPECT_EQ(time_left(seconds{6}, 3, 10), "about 14 s left");
  EXPECT_EQ(time_left(milliseconds{50}, 1, 2), "about 1 s left");
  EXPECT_EQ(time_left(seconds{100}, 10, 20), "about 2 min left");
  EXPECT_EQ(time_left(seconds{3'600}, 1, 3), "about 120 min left");
}

TEST(TimeLeft, IsNoneAtTheEnd) { EXPECT_EQ(time_left(seconds{6}, 10, 10), "about 0 s left"); }

}  // namespace
}  // namespace sockscope

#include "base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <utility>

namespace sockscope {
namespace {

UniqueFd open_something() { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(UniqueFd, IsEmptyByDefault) {
  const UniqueFd fd;
  EXPECT_EQ(fd.get(), -1);
  EXPECT_FALSE(fd);
}

TEST(UniqueFd, ClosesAtTheEndOfItsLife) {
  int number = -1;
  {
    const UniqueFd fd = open_something();
    number = fd.get();
    ASSERT_TRUE(fd);
    ASSERT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(UniqueFd, MovesWithoutClosing) {
  UniqueFd first = open_something();
  const int number = first.get();
  const UniqueFd second = std::move(first);
  // What a move leaves behind is the subject.
  EXPECT_EQ(first.get(), -1);  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  EXPECT_EQ(second.get(), number);
  EXPECT_TRUE(is_open(number));
}

TEST(UniqueFd, AssignmentClosesWhatItHeld) {
  UniqueFd target = open_something();
  UniqueFd source = open_something();
  const int old_number = target.get();
  const int new_number = source.get();
  target = std::move(source);
  EXPECT_FALSE(is_open(old_number));
  EXPECT_EQ(target.get(), new_number);
  EXPECT_TRUE(is_open(new_number));
}

TEST(UniqueFd, AssignmentToItselfKeepsIt) {
  UniqueFd fd = open_something();
  UniqueFd& same = fd;
  fd = std::move(same);
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, ResetClosesAndTakesTheNext) {
  UniqueFd fd = open_something();
  const int old_number = fd.get();
  fd.reset();
  EXPECT_FALSE(fd);
  EXPECT_FALSE(is_open(old_number));
}

}  // namespace
}  // namespace sockscope

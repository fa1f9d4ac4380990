#include "workloads/receive_timer.h"

#include <gtest/gtest.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "base/child_process.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

itimerval timer_now() {
  itimerval timer{};
  getitimer(ITIMER_REAL, &timer);
  return timer;
}

bool is_running() { return timer_now().it_interval.tv_sec != 0 || timer_now().it_interval.tv_usec != 0; }

/// What a read of a pipe that stays empty ends with: an errno.
int read_nothing(const Pipe& pipe) {
  std::array<char, 8> chunk{};
  return read(pipe.read_end.get(), chunk.data(), chunk.size()) < 0 ? errno : 0;
}

TEST(ReceiveTimer, InterruptsAReceiveAgainAndAgain) {
  const auto timer = ReceiveTimer::start(milliseconds{10});
  ASSERT_TRUE(timer) << timer.error().message;
  const auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  const auto start = steady_clock::now();
  EXPECT_EQ(read_nothing(*pipe), EINTR);
  EXPECT_EQ(read_nothing(*pipe), EINTR);
  EXPECT_EQ(read_nothing(*pipe), EINTR);
  // The second and the third signal come an interval after the one before, whenever the first read began.
  EXPECT_GE(steady_clock::now() - start, milliseconds{20});
}

TEST(ReceiveTimer, HasTheIntervalAskedForBelowAndAboveASecond) {
  {
    const auto timer = ReceiveTimer::start(milliseconds{250});
    ASSERT_TRUE(timer);
    EXPECT_EQ(timer_now().it_interval.tv_sec, 0);
    EXPECT_EQ(timer_now().it_interval.tv_usec, 250'000);
  }
  const auto timer = ReceiveTimer::start(milliseconds{2'500});
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer_now().it_interval.tv_sec, 2);
  EXPECT_EQ(timer_now().it_interval.tv_usec, 500'000);
}

TEST(ReceiveTimer, StopsAtTheEndOfItsLife) {
  {
    const auto timer = ReceiveTimer::start(milliseconds{500});
    ASSERT_TRUE(timer);
    ASSERT_TRUE(is_running());
  }
  EXPECT_FALSE(is_running());
}

TEST(ReceiveTimer, GoesOnWhenItIsMoved) {
  auto first = ReceiveTimer::start(milliseconds{500});
  ASSERT_TRUE(first);
  {
    const ReceiveTimer second(std::move(*first));
    first = fail(ErrorKind::kUsage, "the moved-from timer ends here");
    EXPECT_TRUE(is_running());
  }
  EXPECT_FALSE(is_running());
}

}  // namespace
}  // namespace sockscope

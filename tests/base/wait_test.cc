#include "base/wait.h"

#include <gtest/gtest.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>

#include "base/child_process.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr WaitLimits kShort{.timeout = milliseconds{30}};
constexpr WaitLimits kNotAtAll{.timeout = milliseconds{0}};

class WaitReadable : public testing::Test {
 protected:
  WaitReadable() : pipe_(*Pipe::open()), interrupt_(*Pipe::open()) {}

  static void fill(const Pipe& pipe) { ASSERT_EQ(write(pipe.write_end.get(), "x", 1), 1); }

  [[nodiscard]] int fd() const { return pipe_.read_end.get(); }

  Pipe pipe_;
  Pipe interrupt_;
};

TEST_F(WaitReadable, ReturnsWhenThereIsSomethingToRead) {
  fill(pipe_);
  EXPECT_TRUE(wait_readable(fd(), kShort, "the peer"));
}

TEST_F(WaitReadable, KnowsTheSecondOfTwoAndPrefersIt) {
  const Pipe second = *Pipe::open();
  ASSERT_FALSE(wait_readable_either(fd(), second.read_end.get(), kNotAtAll, "the peer"));
  fill(pipe_);
  EXPECT_EQ(wait_readable_either(fd(), second.read_end.get(), kShort, "the peer").value(), false);
  fill(second);
  EXPECT_EQ(wait_readable_either(fd(), second.read_end.get(), kShort, "the peer").value(), true);
}

TEST_F(WaitReadable, ReturnsAtTheEndOfTheStream) {
  ASSERT_FALSE(wait_readable(fd(), kNotAtAll, "the peer"));
  pipe_.write_end.reset();
  EXPECT_TRUE(wait_readable(fd(), kShort, "the peer"));
}

TEST_F(WaitReadable, LooksOnceEvenWithoutTime) {
  fill(pipe_);
  EXPECT_TRUE(wait_readable(fd(), kNotAtAll, "the peer"));
}

TEST_F(WaitReadable, SaysWhoDidNotAnswerAndForHowLong) {
  const auto start = steady_clock::now();
  const auto ready = wait_readable(fd(), kShort, "the peer");
  EXPECT_GE(steady_clock::now() - start, kShort.timeout);
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(ready.error().message, "no answer from the peer within 30 ms");
}

TEST_F(WaitReadable, EndsEarlyWhenTheUserInterrupts) {
  fill(interrupt_);
  const auto ready =
      wait_readable(fd(), {.timeout = std::chrono::hours{1}, .interrupt_fd = interrupt_.read_end.get()}, "the peer");
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(ready.error().message, "interrupted");
}

TEST_F(WaitReadable, PrefersTheInterruptToTheAnswer) {
  fill(pipe_);
  const WaitLimits limits{.timeout = milliseconds{30}, .interrupt_fd = interrupt_.read_end.get()};
  ASSERT_TRUE(wait_readable(fd(), limits, "the peer"));
  fill(interrupt_);
  const auto ready = wait_readable(fd(), limits, "the peer");
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().kind, ErrorKind::kInterrupted);
}

TEST_F(WaitReadable, IsNotCutShortByASignalHandler) {
  struct sigaction action{};
  struct sigaction before{};
  static volatile std::sig_atomic_t signals = 0;
  action.sa_handler = [](int) { signals = signals + 1; };
  ASSERT_EQ(sigaction(SIGALRM, &action, &before), 0);
  const itimerval after_5_ms{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 5'000}};
  const auto start = steady_clock::now();
  ASSERT_EQ(setitimer(ITIMER_REAL, &after_5_ms, nullptr), 0);
  const auto ready = wait_readable(fd(), kShort, "the peer");
  const auto took = steady_clock::now() - start;
  sigaction(SIGALRM, &before, nullptr);
  ASSERT_EQ(signals, 1);
  ASSERT_FALSE(ready);
  EXPECT_EQ(ready.error().message, "no answer from the peer within 30 ms");
  EXPECT_GE(took, kShort.timeout);
}

}  // namespace
}  // namespace sockscope

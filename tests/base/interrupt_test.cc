#include "base/interrupt.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string>

#include "base/child_process.h"
#include "base/wait.h"

namespace sockscope {
namespace {

/// Leaves the process as it found it: the mask as before, none of the signals pending.
class InterruptTest : public testing::TestWithParam<int> {
 protected:
  InterruptTest() : handler_before_(std::signal(GetParam(), SIG_DFL)) {  // A shell's background job ignores SIGINT.
    sigprocmask(SIG_BLOCK, nullptr, &mask_before_);
  }

  ~InterruptTest() override {
    sigset_t pending;
    sigemptyset(&pending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&pending, signal);
    const timespec at_once{};
    while (sigtimedwait(&pending, nullptr, &at_once) > 0) {
    }
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    (void)std::signal(GetParam(), handler_before_);
  }

 private:
  void (*handler_before_)(int);
  sigset_t mask_before_{};
};

INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& signal) { return std::string("Signal") + sigabbrev_np(signal.param); });

TEST_P(InterruptTest, IsRequestedByTheSignalAndStaysSo) {
  const auto interrupt = Interrupt::install();
  ASSERT_TRUE(interrupt) << interrupt.error().message;
  ASSERT_FALSE(interrupt->requested());
  ASSERT_EQ(raise(GetParam()), 0);
  EXPECT_TRUE(interrupt->requested());
  EXPECT_TRUE(interrupt->requested());
}

TEST_P(InterruptTest, EndsAWaitEarly) {
  const auto interrupt = Interrupt::install();
  auto silent = Pipe::open();
  ASSERT_TRUE(interrupt && silent);
  const WaitLimits limits{.timeout = std::chrono::milliseconds{10}, .interrupt_fd = interrupt->fd()};
  const auto undisturbed = wait_readable(silent->read_end.get(), limits, "nobody");
  ASSERT_EQ(undisturbed.error().kind, ErrorKind::kEnvironment);
  ASSERT_EQ(raise(GetParam()), 0);
  const auto disturbed = wait_readable(silent->read_end.get(), limits, "nobody");
  EXPECT_EQ(disturbed.error().kind, ErrorKind::kInterrupted);
}

TEST_P(InterruptTest, DoesNotKeepTheSignalFromEndingAChild) {
  const auto interrupt = Interrupt::install();
  ASSERT_TRUE(interrupt) << interrupt.error().message;
  auto child = ChildProcess::exec({.name = "sleep"}, {"sleep", "60"});
  ASSERT_TRUE(child) << child.error().message;
  child->send_signal(GetParam());
  EXPECT_EQ(child->wait({}), 128 + GetParam());
}

}  // namespace
}  // namespace sockscope

#include "workloads/receive_timer.h"

#include <sys/time.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace sockscope {
namespace {

void interrupt_only(int /*signal*/) {}

bool arm(std::chrono::milliseconds interval) {
  const timeval period{.tv_sec = interval.count() / 1000, .tv_usec = interval.count() % 1000 * 1000};
  const itimerval timer{.it_interval = period, .it_value = period};
  return setitimer(ITIMER_REAL, &timer, nullptr) == 0;
}

}  // namespace

Result<ReceiveTimer> ReceiveTimer::start(std::chrono::milliseconds interval) {
  struct sigaction action{};
  action.sa_handler = interrupt_only;  // Without SA_RESTART: the receive has to return.
  if (sigaction(SIGALRM, &action, nullptr) != 0 || !arm(interval)) {
    return fail(ErrorKind::kEnvironment, "cannot start the receive time-out: {}", errno_text(errno));
  }
  return ReceiveTimer();
}

ReceiveTimer::ReceiveTimer(ReceiveTimer&& other) noexcept : running_(std::exchange(other.running_, false)) {}

ReceiveTimer::~ReceiveTimer() {
  if (running_) arm(std::chrono::milliseconds{0});
}

}  // namespace sockscope

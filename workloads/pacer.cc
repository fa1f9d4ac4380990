#include "workloads/pacer.h"

#include <sys/prctl.h>

#include <cerrno>
#include <ctime>

namespace sockscope {

void Pacer::make_timers_exact() { prctl(PR_SET_TIMERSLACK, 1); }

void Pacer::sleep_until(std::uint64_t time_ns) {
  constexpr std::uint64_t second = 1'000'000'000;
  const timespec until{.tv_sec = static_cast<time_t>(time_ns / second), .tv_nsec = static_cast<long>(time_ns % second)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace sockscope

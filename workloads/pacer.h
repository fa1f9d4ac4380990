#pragma once

#include <cstdint>

namespace sockscope {

/// The times at which messages of a fixed rate are to be sent, in nanoseconds of CLOCK_MONOTONIC.
class Pacer {
 public:
  Pacer(std::uint64_t start_ns, double per_second) : start_ns_(start_ns), interval_ns_(1e9 / per_second) {}

  [[nodiscard]] std::uint64_t time_of(std::uint64_t number) const {
    return start_ns_ + static_cast<std::uint64_t>(interval_ns_ * static_cast<double>(number));
  }

  /// Lets this thread's timers be exact: by default the kernel may add 50 us to gather them (PR_SET_TIMERSLACK).
  static void make_timers_exact();

  /// Sleeps until then, however often a signal interrupts.
  static void sleep_until(std::uint64_t time_ns);

 private:
  std::uint64_t start_ns_;
  double interval_ns_;
};

}  // namespace sockscope

#pragma once

#include <chrono>
#include <string_view>

#include "base/error.h"

namespace sockscope {

/// How long a wait may last and what may end it early.
struct WaitLimits {
  std::chrono::milliseconds timeout{30'000};
  int interrupt_fd = -1;  ///< Interrupt::fd(); -1: nothing interrupts.
};

/// Waits until fd is readable (or at its end). kInterrupted if the user asked to stop; kEnvironment, naming `what`,
/// after the time-out.
Result<> wait_readable(int fd, const WaitLimits& limits, std::string_view what);

/// The same for two: true if the second one is readable, whether or not the first one is.
Result<bool> wait_readable_either(int fd, int second_fd, const WaitLimits& limits, std::string_view what);

}  // namespace sockscope

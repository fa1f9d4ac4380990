#pragma once

#include <chrono>

#include "base/error.h"

namespace sockscope {

/// Interrupts blocking receives of this process from time to time (SIGALRM, so that they fail with EINTR).
///
/// SO_RCVTIMEO would do the same but arms and cancels a kernel timer in every receive that blocks, inside what we
/// measure; this costs one signal per interval. A receive interrupted twice has waited one to two intervals.
class ReceiveTimer {
 public:
  static Result<ReceiveTimer> start(std::chrono::milliseconds interval);
  ReceiveTimer(ReceiveTimer&& other) noexcept;
  ReceiveTimer& operator=(ReceiveTimer&&) = delete;
  ReceiveTimer(const ReceiveTimer&) = delete;
  ReceiveTimer& operator=(const ReceiveTimer&) = delete;
  ~ReceiveTimer();

 private:
  ReceiveTimer() = default;
  bool running_ = true;
};

}  // namespace sockscope

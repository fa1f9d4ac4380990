#pragma once

#include <poll.h>
#include <sys/epoll.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// Waits for messages in several sockets of one thread, in one of the ways that --poll names.
class FlowWaiter {
 public:
  static Result<FlowWaiter> make(PollMode mode, std::span<const int> sockets);

  /// The indices of the sockets that are worth a receive with flags(): those that are readable; all of them if nothing
  /// is asked of the kernel. Empty after the time-out (negative: there is none).
  std::span<const std::size_t> wait(std::chrono::milliseconds timeout);

  /// For recv(2).
  [[nodiscard]] int flags() const;

  /// A socket that has ended is no more waited for.
  void forget(std::size_t index);

 private:
  FlowWaiter() = default;
  std::span<const std::size_t> wait_in_poll(int timeout_ms);
  std::span<const std::size_t> wait_in_epoll(int timeout_ms);

  PollMode mode_ = PollMode::kBlock;
  std::vector<std::size_t> ready_;
  std::vector<pollfd> polled_;
  UniqueFd epoll_;
  std::vector<epoll_event> events_;
};

}  // namespace sockscope

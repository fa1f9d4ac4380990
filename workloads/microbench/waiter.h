#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/microbench/channel.h"

namespace sockscope {

/// How an end waits for its message.
enum class Waiting : std::uint8_t {
  kBlock,       ///< In the receive itself.
  kPoll,        ///< In poll(2), then receives.
  kEpollLevel,  ///< In epoll_wait(2).
  kEpollEdge,   ///< The same with EPOLLET: after the message it receives once more, which finds nothing.
  kLowWater,    ///< In the receive, with SO_RCVLOWAT of the whole message: woken once, not for a part of it.
  kBusy,        ///< Not at all: it asks again and again (MSG_DONTWAIT).
};

/// "block", "poll", "epoll-level", "epoll-edge", "rcvlowat", "busy".
std::string_view name_of(Waiting waiting);

/// Receives messages of one size at an end, waiting in one of these ways.
class Waiter {
 public:
  /// `end` must outlive it. kEnvironment if the kernel refuses.
  static Result<Waiter> open(const End& end, Waiting waiting, std::size_t size);

  /// The next message. 0, or an errno value as End::receive().
  int receive(std::span<std::byte> message) noexcept;

 private:
  Waiter(const End& end, Waiting waiting) : end_(&end), waiting_(waiting) {}

  int receive_by_poll(std::span<std::byte> message) noexcept;
  int receive_by_epoll(std::span<std::byte> message) noexcept;
  int receive_busily(std::span<std::byte> message) noexcept;

  const End* end_;
  Waiting waiting_;
  UniqueFd epoll_;
};

}  // namespace sockscope

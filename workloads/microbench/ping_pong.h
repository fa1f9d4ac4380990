#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/microbench/connected_pair.h"
#include "workloads/receive_timer.h"

namespace sockscope {

/// A message thrown to a peer process and back over one pair of sockets. Both ends block in their receive. The peer
/// may run where the calling thread may: on one CPU if that is pinned to one. The peer ends with this object.
class PingPong {
 public:
  /// How long a message may be under way before it counts as lost; at most twice that passes.
  static constexpr std::chrono::milliseconds kPatience{1'000};

  /// `size` is the bytes of a message, at least 1.
  static Result<PingPong> start(Transport transport, std::size_t size);

  /// Sends one message and receives it back. 0, or an errno value: ETIMEDOUT if it was lost, ECONNRESET if the peer is
  /// gone, EMSGSIZE if it came back cut off.
  [[nodiscard]] int round_trip() noexcept;

  /// The threads at both ends: the calling one and the peer's.
  [[nodiscard]] std::array<pid_t, 2> tids() const { return {gettid(), peer_.pid()}; }

 private:
  PingPong(Transport transport, UniqueFd socket, std::size_t size, ChildProcess peer, ReceiveTimer timer)
      : keeps_boundaries_(transport == Transport::kUdp),
        socket_(std::move(socket)),
        message_(size),
        peer_(std::move(peer)),
        timer_(std::move(timer)) {}

  bool keeps_boundaries_;  ///< One receive is one message, whole or cut off.
  UniqueFd socket_;
  std::vector<std::byte> message_;
  ChildProcess peer_;
  ReceiveTimer timer_;
};

}  // namespace sockscope

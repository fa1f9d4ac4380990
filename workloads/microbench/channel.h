#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/microbench/transport.h"
#include "workloads/socket_options.h"

namespace sockscope {

/// One end of a channel, blocking.
class End {
 public:
  End() = default;
  /// Of a socket, which goes both ways; of anything else both descriptors.
  End(Transport transport, UniqueFd both) : transport_(transport), in_(std::move(both)) {}
  End(Transport transport, UniqueFd in, UniqueFd out)
      : transport_(transport), in_(std::move(in)), out_(std::move(out)) {}

  [[nodiscard]] Transport transport() const { return transport_; }
  [[nodiscard]] int in() const { return in_.get(); }
  [[nodiscard]] int out() const { return out_ ? out_.get() : in_.get(); }

  /// Sends a whole message. 0, or an errno value.
  [[nodiscard]] int send(std::span<const std::byte> message, int flags = 0) const noexcept;

  /// Receives a whole message. 0, or an errno value: ECONNRESET if the other end is gone, EMSGSIZE if it came cut off,
  /// ETIMEDOUT if ReceiveTimer interrupted it twice, EAGAIN with MSG_DONTWAIT if there is nothing.
  [[nodiscard]] int receive(std::span<std::byte> message, int flags = 0) const noexcept;

 private:
  Transport transport_ = Transport::kTcp;
  UniqueFd in_;
  UniqueFd out_;  ///< If it is another one.
};

/// Two ends that are connected to each other.
struct Channel {
  End client;
  End server;

  /// `options` are of both ends, and for TCP and UDP alone.
  static Result<Channel> open(Transport transport, const SocketOptions& options = {});
};

}  // namespace sockscope

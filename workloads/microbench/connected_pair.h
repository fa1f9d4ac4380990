#pragma once

#include <array>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

enum class Transport { kTcp, kUdp, kUnix };

inline constexpr std::array kTransports{Transport::kTcp, Transport::kUdp, Transport::kUnix};

/// "tcp", "udp" or "unix": the spelling in benchmark names.
[[nodiscard]] std::string_view name_of(Transport transport);

/// Two sockets connected to each other, blocking. TCP and UDP go over 127.0.0.1 between ephemeral ports, TCP with
/// TCP_NODELAY at both ends; UNIX is a stream socketpair(2).
struct ConnectedPair {
  UniqueFd client;
  UniqueFd server;
  static Result<ConnectedPair> open(Transport transport);
};

}  // namespace sockscope

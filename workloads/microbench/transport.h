#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sockscope {

/// What carries a message from one end to the other.
enum class Transport : std::uint8_t {
  kTcp,           ///< Over 127.0.0.1, TCP_NODELAY at both ends.
  kUdp,           ///< Over 127.0.0.1, connected at both ends.
  kUnix,          ///< A stream socketpair(2),
  kUnixDatagram,  ///< and one of datagrams.
  kPipe,          ///< A pipe(2) each way.
  kEventfd,       ///< An eventfd(2) each way: a message is its counter of 8 bytes, the least that can be handed over.
};

inline constexpr std::array kTransports{Transport::kTcp,          Transport::kUdp,  Transport::kUnix,
                                        Transport::kUnixDatagram, Transport::kPipe, Transport::kEventfd};

/// "tcp", "udp", "unix", "unix-datagram", "pipe", "eventfd": the spelling in benchmark names.
[[nodiscard]] std::string_view name_of(Transport transport);

[[nodiscard]] bool is_socket(Transport transport);

/// One receive is one message, whole or cut off.
[[nodiscard]] bool keeps_boundaries(Transport transport);

/// Whether a message of this size can go over it, in one call and without a second one to take it out first.
[[nodiscard]] bool can_carry(Transport transport, std::size_t size);

}  // namespace sockscope

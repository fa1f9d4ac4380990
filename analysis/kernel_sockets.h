#pragma once

#include <cstdint>
#include <optional>

#include "analysis/event.h"
#include "base/flat_map.h"
#include "base/protocol.h"

namespace sockscope {

/// include/net/tcp_states.h
namespace tcp_state {
inline constexpr std::int32_t kEstablished = 1;
inline constexpr std::int32_t kSynSent = 2;
inline constexpr std::int32_t kSynRecv = 3;
inline constexpr std::int32_t kClose = 7;
inline constexpr std::int32_t kListen = 10;
}  // namespace tcp_state

/// Which of the kernel's sockets (sk, skaddr) belong to the recorded programs.
///
/// A TCP socket begins to when one of their threads makes it connect or listen, or when a listening one of theirs has a
/// child, which a packet makes in whatever thread is running: the child is known by the listener's port. It ends with
/// its last state, and its address may be another program's the next time.
class KernelSockets {
 public:
  /// sock:inet_sock_set_state; `by_program`: one of the programs' threads does it itself. Whether the socket is theirs.
  bool change(const InetSockSetState& event, bool by_program);

  /// One of the programs' sockets listened on the port already when the recording began.
  void listens(std::uint16_t port) { ++listeners_[port]; }

  /// One of the programs sends or receives on the socket, whose making was not seen, or which is UDP's and has no
  /// states. Returns how many datagrams of other programs have come there since the last time.
  std::uint32_t add(std::uint64_t sk, Protocol protocol);
  /// Another program does: the address has been used again.
  void remove(std::uint64_t sk) { sockets_.erase(sk); }

  /// A datagram of another program came to a UDP socket. Nothing tells when such a socket is closed: it is theirs if
  /// they read from it.
  void add_unread(std::uint64_t sk);

  [[nodiscard]] std::optional<Protocol> find(std::uint64_t sk) const;

 private:
  [[nodiscard]] bool is_theirs(const InetSockSetState& event, bool by_program) const;

  struct Socket {
    Protocol protocol = Protocol::kTcp;
    std::uint32_t unread = 0;
  };

  FlatMap<std::uint64_t, Socket> sockets_;
  FlatMap<std::uint16_t, std::uint32_t> listeners_;  // port -> how many of the programs' sockets listen on it
};

}  // namespace sockscope

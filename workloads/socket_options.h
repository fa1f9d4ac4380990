#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/protocol.h"
#include "workloads/address.h"

namespace sockscope {

/// How the sockets of both ends are set up. What only TCP has is left out over UDP.
struct SocketOptions {
  bool nodelay = true;                            ///< TCP_NODELAY: no small segment is held back (Nagle).
  bool quickack = false;                          ///< TCP_QUICKACK, anew after each receive: it does not last.
  bool cork = false;                              ///< TCP_CORK: only full segments, or after 200 ms.
  std::string congestion{};                       ///< TCP_CONGESTION; empty: the system's.
  std::optional<std::uint32_t> send_buffer{};     ///< SO_SNDBUF, bytes as asked (the kernel doubles them).
  std::optional<std::uint32_t> receive_buffer{};  ///< SO_RCVBUF.
  std::optional<std::uint32_t> busy_poll_us{};    ///< SO_BUSY_POLL.
  std::optional<std::uint8_t> dscp{};             ///< Six bits of IP_TOS or IPV6_TCLASS.
  IpVersion ip = IpVersion::kV4;
  std::string client_address{};  ///< Numeric; empty: loopback.
  std::string server_address{};
  std::string device{};  ///< SO_BINDTODEVICE; empty: none.
};

/// Sets all options that the protocol has on a socket, fresh or accepted. kEnvironment, naming the option as the
/// command line spells it, why it was refused, and the fix.
Result<> apply(const SocketOptions& options, Protocol protocol, int socket);

/// Asks for acknowledgements at once until the kernel thinks better of it; call it after each receive.
void rearm_quickack(int socket);

/// What is in effect, as the kernel says: "nodelay" -> "1", "congestion" -> "cubic", ... and "local", "remote".
std::vector<std::pair<std::string, std::string>> options_in_effect(Protocol protocol, int socket);

}  // namespace sockscope

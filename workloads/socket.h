#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/protocol.h"
#include "base/unique_fd.h"

/// Sockets on IPv4 loopback (127.0.0.1), the only address that the workloads use.
namespace sockscope {

/// A bound server socket, listening if TCP. Port 0 picks a free one. kEnvironment, naming the port and the fix, when
/// the port is taken or needs privileges.
Result<UniqueFd> bind_server(Protocol protocol, std::uint16_t port);

/// A socket connected to the port, with TCP_NODELAY if TCP: one message is one segment, never held back (Nagle).
Result<UniqueFd> connect_to(Protocol protocol, std::uint16_t port);

/// The next connection of a listening socket, with TCP_NODELAY.
Result<UniqueFd> accept_connection(int listener);

/// Waits for the first datagram, leaves it in the queue and connects the socket to its sender, as netcat does.
Result<> connect_to_first_sender(int socket);

/// The local port of a bound or connected socket.
Result<std::uint16_t> local_port(int socket);

/// TCP_CONGESTION of a fresh TCP socket, such as "cubic"; "unknown" where it cannot be asked.
std::string default_congestion_control();

}  // namespace sockscope

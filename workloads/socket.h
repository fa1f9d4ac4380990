#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/protocol.h"
#include "base/unique_fd.h"
#include "workloads/address.h"
#include "workloads/socket_options.h"

/// The sockets of the workloads: on loopback, unless the options say where else.
namespace sockscope {

/// Instead of a backlog: the socket only holds its port, and refuses connections.
inline constexpr int kNotListening = -1;

/// A bound server socket, listening if TCP. Port 0 picks a free one. kEnvironment, naming the port and the fix, when
/// the port is taken or needs privileges, or when an option is refused. `backlog` is how many connections may wait.
Result<UniqueFd> bind_server(Protocol protocol, std::uint16_t port, const SocketOptions& options = {}, int backlog = 1);

/// A socket connected to the server that the options name, at that port, and bound to the client's address.
Result<UniqueFd> connect_to(Protocol protocol, std::uint16_t port, const SocketOptions& options = {});

/// The next connection of a listening socket.
Result<UniqueFd> accept_connection(int listener, const SocketOptions& options = {});

/// Waits for the first datagram, leaves it in the queue and connects the socket to its sender, as netcat does.
Result<> connect_to_first_sender(int socket);

/// The local port of a bound or connected socket.
Result<std::uint16_t> local_port(int socket);

/// A socket with the options, not bound, not connected.
Result<UniqueFd> open_socket(Protocol protocol, const SocketOptions& options);

/// Where the server is, at that port. kUsage if its address is none.
Result<Address> server_address(const SocketOptions& options, std::uint16_t port);

/// Binds to the client's address, if the options name one.
Result<> bind_client(int socket, const SocketOptions& options);

/// Connects, however often ReceiveTimer interrupts it, up to the second time. 0, or errno: EINTR means no answer in
/// time.
int connect_socket(int socket, const Address& server);

/// Why connect(2) to a server failed, in a sentence.
std::string why_not_connected(Protocol protocol, const Address& server, const SocketOptions& options, int error);

/// TCP_CONGESTION of a fresh TCP socket, such as "cubic"; "unknown" where it cannot be asked.
std::string default_congestion_control();

}  // namespace sockscope

#include "workloads/single_flow.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "workloads/socket.h"

namespace sockscope {

Result<ServerSockets> open_one_socket(const WorkloadSpec& spec) {
  auto socket = bind_server(spec.protocol, spec.port, spec.socket, static_cast<int>(spec.flows));
  if (!socket) return pass_on(socket);
  ServerSockets sockets;
  sockets.open.push_back(std::move(*socket));
  return sockets;
}

Result<UniqueFd> serve_one(const WorkloadSpec& spec, UniqueFd& bound) {
  if (spec.protocol == Protocol::kTcp) return accept_connection(bound.get(), spec.socket);
  if (auto connected = connect_to_first_sender(bound.get()); !connected) return pass_on(connected);
  return std::move(bound);
}

Result<UniqueFd> reach(const WorkloadSpec& spec, std::uint16_t port) {
  auto socket = connect_to(spec.protocol, port, spec.socket);
  if (!socket || spec.protocol == Protocol::kTcp) return socket;
  const std::vector<std::byte> hello(spec.size);
  if (write(socket->get(), hello.data(), hello.size()) != std::ssize(hello)) {
    return fail(ErrorKind::kEnvironment, "cannot reach the server: {}", errno_text(errno));
  }
  return socket;
}

void say_hello(const WorkloadSpec& spec, int socket) {
  if (spec.protocol == Protocol::kTcp) return;
  const std::vector<std::byte> hello(spec.size);
  static_cast<void>(send(socket, hello.data(), hello.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

Result<std::uint16_t> port_and_close(ServerSockets& sockets) {
  auto port = local_port(sockets.open.front().get());
  sockets = {};
  return port;
}

}  // namespace sockscope

#include "workloads/single_flow.h"

#include <utility>

#include "workloads/descriptor_limit.h"

namespace sockscope {

Result<ServerSockets> open_one_socket(const WorkloadSpec& spec) {
  if (auto allowed = allow_sockets(spec.flows); !allowed) return pass_on(allowed);
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

Result<std::uint16_t> port_and_close(ServerSockets& sockets) {
  auto port = local_port(sockets.open.front().get());
  sockets = {};
  return port;
}

}  // namespace sockscope

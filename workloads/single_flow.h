#pragma once

#include <unistd.h>

#include <cstdint>

#include "base/error.h"
#include "base/unique_fd.h"
#include "workloads/barrier.h"
#include "workloads/server_sockets.h"
#include "workloads/socket.h"
#include "workloads/workload_spec.h"

/// What the workloads share whose ends have one connected socket each.
namespace sockscope {

/// One socket of the spec's protocol at the spec's port, for a backlog of one connection a flow.
Result<ServerSockets> open_one_socket(const WorkloadSpec& spec);

/// The server's socket, connected to the client: over UDP when it has heard of it.
Result<UniqueFd> serve_one(const WorkloadSpec& spec, UniqueFd& bound);

/// The port of the first socket, all of which are closed: they are the server's alone from here on. If it dies,
/// requests have to be refused and not to wait in a socket of ours.
Result<std::uint16_t> port_and_close(ServerSockets& sockets);

/// What a client has to say until it is heard; over TCP nothing, which loses nothing.
template <class End>
Barrier::TellOver over_udp(const WorkloadSpec& spec, End& end) {
  if (spec.protocol == Protocol::kTcp) return {};
  return [&end](Phase phase) { return end.tell_over(phase); };
}

/// Runs an end of a class that is made of a connected socket and the spec.
template <class End>
Result<EndResult> run_single_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  auto port = port_and_close(sockets);
  if (!port) return pass_on(port);
  auto socket = connect_to(spec.protocol, *port, spec.socket);
  if (!socket) return pass_on(socket);
  End end(socket->get(), spec);
  const EndIdentity identity{.role = Role::kClient, .tid = gettid(), .fd = socket->get()};
  return barrier.run(end, identity, {}, over_udp(spec, end));
}

template <class End>
Result<EndResult> run_single_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  auto socket = serve_one(spec, sockets.open.front());
  if (!socket) return pass_on(socket);
  End end(socket->get(), spec);
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = socket->get()});
}

}  // namespace sockscope

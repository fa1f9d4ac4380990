#include "workloads/microbench/connected_pair.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "base/protocol.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

struct BoundPair {
  UniqueFd client;
  UniqueFd bound;
};

/// A client connected to a fresh server socket, which is not connected back yet.
Result<BoundPair> open_bound(Protocol protocol) {
  auto bound = bind_server(protocol, 0);
  if (!bound) return pass_on(bound);
  const auto port = local_port(bound->get());
  if (!port) return std::unexpected(port.error());
  auto client = connect_to(protocol, *port);
  if (!client) return pass_on(client);
  return BoundPair{.client = std::move(*client), .bound = std::move(*bound)};
}

Result<ConnectedPair> open_tcp() {
  auto pair = open_bound(Protocol::kTcp);
  if (!pair) return pass_on(pair);
  auto server = accept_connection(pair->bound.get());
  if (!server) return pass_on(server);
  return ConnectedPair{.client = std::move(pair->client), .server = std::move(*server)};
}

Result<ConnectedPair> open_udp() {
  auto pair = open_bound(Protocol::kUdp);
  if (!pair) return pass_on(pair);
  char greeting = 0;
  if (send(pair->client.get(), &greeting, sizeof greeting, 0) < 0) {
    return fail(ErrorKind::kEnvironment, "cannot send a first datagram: {}", errno_text(errno));
  }
  if (auto connected = connect_to_first_sender(pair->bound.get()); !connected) return pass_on(connected);
  if (recv(pair->bound.get(), &greeting, sizeof greeting, 0) < 0) {
    return fail(ErrorKind::kEnvironment, "cannot receive a first datagram: {}", errno_text(errno));
  }
  return ConnectedPair{.client = std::move(pair->client), .server = std::move(pair->bound)};
}

Result<ConnectedPair> open_unix() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot open a socketpair: {}", errno_text(errno));
  }
  return ConnectedPair{.client = UniqueFd(ends[0]), .server = UniqueFd(ends[1])};
}

}  // namespace

std::string_view name_of(Transport transport) {
  switch (transport) {
    case Transport::kTcp:
      return "tcp";
    case Transport::kUdp:
      return "udp";
    case Transport::kUnix:
      return "unix";
  }
  std::unreachable();
}

Result<ConnectedPair> ConnectedPair::open(Transport transport) {
  switch (transport) {
    case Transport::kTcp:
      return open_tcp();
    case Transport::kUdp:
      return open_udp();
    case Transport::kUnix:
      return open_unix();
  }
  std::unreachable();
}

}  // namespace sockscope

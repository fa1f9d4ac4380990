#include "workloads/microbench/channel.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/child_process.h"
#include "base/protocol.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

struct BoundPair {
  UniqueFd client;
  UniqueFd bound;
};

/// A client connected to a fresh server socket, which is not connected back yet.
Result<BoundPair> open_bound(Protocol protocol, const SocketOptions& options) {
  auto bound = bind_server(protocol, 0, options);
  if (!bound) return pass_on(bound);
  const auto port = local_port(bound->get());
  if (!port) return std::unexpected(port.error());
  auto client = connect_to(protocol, *port, options);
  if (!client) return pass_on(client);
  return BoundPair{.client = std::move(*client), .bound = std::move(*bound)};
}

Result<Channel> open_tcp(const SocketOptions& options) {
  auto pair = open_bound(Protocol::kTcp, options);
  if (!pair) return pass_on(pair);
  auto server = accept_connection(pair->bound.get(), options);
  if (!server) return pass_on(server);
  return Channel{.client = {Transport::kTcp, std::move(pair->client)}, .server = {Transport::kTcp, std::move(*server)}};
}

Result<Channel> open_udp(const SocketOptions& options) {
  auto pair = open_bound(Protocol::kUdp, options);
  if (!pair) return pass_on(pair);
  char greeting = 0;
  if (::send(pair->client.get(), &greeting, sizeof greeting, 0) < 0) {
    return fail(ErrorKind::kEnvironment, "cannot send a first datagram: {}", errno_text(errno));
  }
  if (auto connected = connect_to_first_sender(pair->bound.get()); !connected) return pass_on(connected);
  if (recv(pair->bound.get(), &greeting, sizeof greeting, 0) < 0) {
    return fail(ErrorKind::kEnvironment, "cannot receive a first datagram: {}", errno_text(errno));
  }
  return Channel{.client = {Transport::kUdp, std::move(pair->client)},
                 .server = {Transport::kUdp, std::move(pair->bound)}};
}

Result<Channel> open_unix(Transport transport, int type) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot open a socketpair: {}", errno_text(errno));
  }
  return Channel{.client = {transport, UniqueFd(ends[0])}, .server = {transport, UniqueFd(ends[1])}};
}

Result<Channel> open_pipes() {
  auto there = Pipe::open();
  if (!there) return pass_on(there);
  auto back = Pipe::open();
  if (!back) return pass_on(back);
  return Channel{.client = {Transport::kPipe, std::move(back->read_end), std::move(there->write_end)},
                 .server = {Transport::kPipe, std::move(there->read_end), std::move(back->write_end)}};
}

/// Both ends share the two counters: each has descriptors of its own.
Result<Channel> open_eventfds() {
  std::array<UniqueFd, 4> fds;  // there, its duplicate, back, its duplicate
  for (const std::size_t first : {0U, 2U}) {
    fds.at(first) = UniqueFd(eventfd(0, EFD_CLOEXEC));
    fds.at(first + 1) = UniqueFd(fcntl(fds.at(first).get(), F_DUPFD_CLOEXEC, 0));
    if (!fds.at(first) || !fds.at(first + 1)) {
      return fail(ErrorKind::kEnvironment, "cannot open an eventfd: {}", errno_text(errno));
    }
  }
  return Channel{.client = {Transport::kEventfd, std::move(fds[2]), std::move(fds[0])},
                 .server = {Transport::kEventfd, std::move(fds[1]), std::move(fds[3])}};
}

}  // namespace

int End::send(std::span<const std::byte> message, int flags) const noexcept {
  std::size_t sent = 0;
  while (sent < message.size()) {
    const ssize_t put = is_socket(transport_)
                            ? ::send(out(), message.data() + sent, message.size() - sent, MSG_NOSIGNAL | flags)
                            : write(out(), message.data() + sent, message.size() - sent);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    sent += static_cast<std::size_t>(put);
  }
  return 0;
}

int End::receive(std::span<std::byte> message, int flags) const noexcept {
  std::size_t received = 0;
  int interruptions = 0;
  while (received < message.size()) {
    const ssize_t got = is_socket(transport_) ? recv(in(), message.data() + received, message.size() - received, flags)
                                              : read(in(), message.data() + received, message.size() - received);
    if (got == 0) return ECONNRESET;
    if (got > 0) {
      received += static_cast<std::size_t>(got);
      if (keeps_boundaries(transport_) && received < message.size()) return EMSGSIZE;
    } else if (errno != EINTR) {
      return errno;
    } else if (++interruptions == 2) {
      return ETIMEDOUT;
    }
  }
  return 0;
}

Result<Channel> Channel::open(Transport transport, const SocketOptions& options) {
  switch (transport) {
    case Transport::kTcp:
      return open_tcp(options);
    case Transport::kUdp:
      return open_udp(options);
    case Transport::kUnix:
      return open_unix(transport, SOCK_STREAM);
    case Transport::kUnixDatagram:
      return open_unix(transport, SOCK_DGRAM);
    case Transport::kPipe:
      return open_pipes();
    case Transport::kEventfd:
      return open_eventfds();
  }
  std::unreachable();
}

}  // namespace sockscope

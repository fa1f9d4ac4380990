#include "workloads/microbench/ping_pong.h"

#include <sys/socket.h>

#include <cerrno>
#include <span>

namespace sockscope {
namespace {

/// Sends back whatever comes, until there is nothing to send to any more.
int echo(int socket, std::span<std::byte> buffer) {
  while (true) {
    const ssize_t received = recv(socket, buffer.data(), buffer.size(), 0);
    if (received <= 0) return 0;
    const auto length = static_cast<std::size_t>(received);
    if (send(socket, buffer.data(), length, MSG_NOSIGNAL) != received) return 1;
  }
}

}  // namespace

Result<PingPong> PingPong::start(Transport transport, std::size_t size) {
  auto pair = ConnectedPair::open(transport);
  if (!pair) return pass_on(pair);
  std::vector<std::byte> buffer(size);
  const int server = pair->server.get();
  auto peer = ChildProcess::run({.name = "socket_bench-peer", .keep_fds = {server}},
                                [server, &buffer] { return echo(server, buffer); });
  if (!peer) return pass_on(peer);
  auto timer = ReceiveTimer::start(kPatience);
  if (!timer) return pass_on(timer);
  return PingPong(transport, std::move(pair->client), size, std::move(*peer), std::move(*timer));
}

int PingPong::round_trip() noexcept {
  if (send(socket_.get(), message_.data(), message_.size(), MSG_NOSIGNAL) != std::ssize(message_)) return errno;
  std::size_t received = 0;
  int interruptions = 0;
  while (received < message_.size()) {
    const ssize_t got = recv(socket_.get(), message_.data() + received, message_.size() - received, 0);
    if (got == 0) return ECONNRESET;
    if (got > 0) {
      received += static_cast<std::size_t>(got);
      if (keeps_boundaries_ && received < message_.size()) return EMSGSIZE;
    } else if (errno != EINTR) {
      return errno;
    } else if (++interruptions == 2) {
      return ETIMEDOUT;
    }
  }
  return 0;
}

}  // namespace sockscope

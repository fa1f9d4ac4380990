#include "workloads/connect.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/net_counters.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

/// The first byte of the datagram that ends the warm-up; that of a request is 0.
constexpr std::byte kEndOfWarmUp{0xff};

/// Receives a message whole. False: the peer has ended, or the receive was interrupted twice (lost).
Result<bool> receive_whole(int socket, std::vector<std::byte>& message) {
  int interrupted = 0;
  for (std::size_t received = 0; received < message.size();) {
    const ssize_t got = recv(socket, message.data() + received, message.size() - received, 0);
    if (got == 0) return false;
    if (got > 0) {
      received += static_cast<std::size_t>(got);
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    } else if (++interrupted == 2) {
      return false;
    }
  }
  return true;
}

}  // namespace

struct ConnectClient::Times {
  Samples connect;
  Samples rtt;
  Samples connection;
  std::uint64_t lost = 0;
};

/// False: no answer came.
Result<bool> ConnectClient::exchange(int socket) {
  if (auto sent = send_message(socket, message_); !sent) return pass_on(sent);
  return receive_whole(socket, message_);
}

Result<> ConnectClient::transact(Times& times) {
  const std::uint64_t begun = monotonic_now_ns();
  auto socket = open_socket(spec_.protocol, spec_.socket);
  if (!socket) return pass_on(socket);
  if (auto bound = bind_client(socket->get(), spec_.socket); !bound) return bound;
  const std::uint64_t opened = monotonic_now_ns();
  if (const int error = connect_socket(socket->get(), server_); error != 0) {
    return fail(ErrorKind::kEnvironment, "{}", why_not_connected(spec_.protocol, server_, spec_.socket, error));
  }
  const std::uint64_t connected = monotonic_now_ns();
  auto answered = exchange(socket->get());
  if (!answered) return pass_on(answered);
  const std::uint64_t done = monotonic_now_ns();
  socket->reset();
  if (!*answered) {
    ++times.lost;
    return {};
  }
  times.connect.record(connected - opened);
  times.rtt.record(done - connected);
  times.connection.record(monotonic_now_ns() - begun);
  return {};
}

// That the client is there the server need not know.
Result<> ConnectClient::tell_over(Phase phase) {
  if (phase == Phase::kMeeting) return {};
  auto socket = connect_to(spec_.protocol, server_.port(), spec_.socket);
  if (!socket) return pass_on(socket);
  if (phase == Phase::kWarmUp && spec_.protocol == Protocol::kUdp) {
    std::vector<std::byte> end(spec_.size);
    end[0] = kEndOfWarmUp;
    return send_message(socket->get(), end);
  }
  if (auto told = send_end(socket->get(), spec_.protocol); !told || spec_.protocol == Protocol::kUdp) return told;
  char nothing = 0;
  while (recv(socket->get(), &nothing, 1, 0) < 0 && errno == EINTR) {
  }
  return {};
}

Result<> ConnectClient::warm_up() {
  Times uncounted{.connect = Samples({}), .rtt = Samples({}), .connection = Samples({})};
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto done = transact(uncounted); !done) return done;
  }
  return tell_over(Phase::kWarmUp);
}

Result<EndResult> ConnectClient::measure() {
  EndResult result;
  result.identity = {.role = Role::kClient, .tid = gettid(), .fd = -1};
  if (auto first = open_socket(spec_.protocol, spec_.socket)) {
    result.socket = options_in_effect(spec_.protocol, first->get());
  }
  Times times{.connect = Samples(spec_), .rtt = Samples(spec_), .connection = Samples(spec_)};
  const std::uint64_t waiting = time_wait_count(spec_.socket.ip, server_.port());
  const std::uint64_t segments = namespace_count(spec_.socket.ip, "Tcp", "OutSegs");
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  std::uint64_t now = part.start_ns();
  for (std::uint64_t i = 0; i < spec_.count && now < deadline; ++i) {
    if (auto done = transact(times); !done) return pass_on(done);
    if (spec_.duration) now = monotonic_now_ns();
  }
  part.end(result, monotonic_now_ns());
  result.lost = times.lost;
  result.round_trips = times.rtt.histogram.count();
  result.measured.unit = "connection";
  result.measured.units = result.round_trips;
  if (spec_.protocol == Protocol::kTcp) {
    result.measured.add_count("namespace_segments", namespace_count(spec_.socket.ip, "Tcp", "OutSegs") - segments);
  }
  keep_round_trips(result, std::move(times.rtt));
  keep_times(result, "connect", std::move(times.connect));
  keep_times(result, "connection", std::move(times.connection));
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  if (spec_.protocol == Protocol::kTcp) {
    // Only now has the server closed the last one. The connection that ended the phase waits as well.
    const std::uint64_t before = waiting + 1;
    const std::uint64_t after = time_wait_count(spec_.socket.ip, server_.port());
    result.measured.add_count("time_wait_left", after - std::min(before, after));
  }
  return result;
}

Result<std::uint64_t> ConnectServer::serve(Phase phase) {
  return spec_.protocol == Protocol::kTcp ? serve_connections() : serve_datagrams(phase);
}

Result<std::uint64_t> ConnectServer::serve_connections() {
  for (std::uint64_t served = 0;; ++served) {
    auto socket = accept_connection(socket_, spec_.socket);
    if (!socket) return pass_on(socket);
    auto received = receive_whole(socket->get(), message_);
    if (!received) return pass_on(received);
    if (!*received) return served;
    if (auto sent = send_message(socket->get(), message_); !sent) return pass_on(sent);
    // The client closes first.
    std::byte nothing{};
    while (recv(socket->get(), &nothing, 1, 0) < 0 && errno == EINTR) {
    }
  }
}

Result<std::uint64_t> ConnectServer::serve_datagrams(Phase phase) {
  for (std::uint64_t served = 0;;) {
    Address client;
    const ssize_t got = recvfrom(socket_, message_.data(), message_.size(), 0, client.get(), client.capacity());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    if (got == 0) return served;
    if (message_[0] == kEndOfWarmUp) {
      if (phase == Phase::kWarmUp) return served;
      continue;
    }
    (void)sendto(socket_, message_.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL, client.get(), client.size());
    ++served;
  }
}

Result<> ConnectServer::warm_up() {
  auto served = serve(Phase::kWarmUp);
  return served ? Result<>{} : pass_on(served);
}

Result<EndResult> ConnectServer::measure() {
  EndResult result = result_of(Role::kServer, socket_, spec_);
  const MeasuredPart part;
  auto served = serve(Phase::kMeasured);
  if (!served) return pass_on(served);
  part.end(result, monotonic_now_ns());
  result.round_trips = *served;
  return result;
}

Result<EndResult> run_connect_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  auto server = Address::local_of(sockets.open.front().get());
  if (!server) return pass_on(server);
  sockets = {};
  ConnectClient end(*server, spec);
  return barrier.run(end, {.role = Role::kClient, .tid = gettid(), .fd = -1}, {}, over_udp(spec, end));
}

Result<EndResult> run_connect_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  ConnectServer end(sockets.open.front().get(), spec);
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = sockets.open.front().get()});
}

}  // namespace sockscope

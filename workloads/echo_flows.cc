#include "workloads/echo_flows.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/descriptor_limit.h"
#include "workloads/echo.h"
#include "workloads/measured_part.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

constexpr std::chrono::milliseconds kForEver{-1};
// A spinning thread looks at the clock once in so many rounds without a message.
constexpr unsigned kIdleRounds = 4'096;

/// The part of a whole that falls to one of several members.
std::uint64_t share(std::uint64_t whole, std::size_t member, std::size_t members) {
  return whole * (member + 1) / members - whole * member / members;
}

/// One receive of what is left of the flow's message, or of a datagram. False: nothing was there.
Result<bool> receive(EchoFlow& flow, std::vector<std::byte>& message, int flags) {
  const ssize_t got = recv(flow.socket, message.data(), message.size() - flow.received, flags);
  if (got > 0) {
    if (flow.received == 0) flow.mark = message[0];
    flow.received += static_cast<std::uint32_t>(got);
    return true;
  }
  if (got == 0) {
    flow.is_over = true;
    return true;
  }
  if (errno == EAGAIN || errno == EINTR) return false;
  return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
}

/// A thread that blocks in its one socket: the timer of the process would interrupt any thread.
Result<> limit_receives(const WorkloadSpec& spec, int socket) {
  const auto ms = spec.receive_timeout.count();
  const timeval timeout{.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
  if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0) return {};
  return fail(ErrorKind::kEnvironment, "cannot set the receive time-out: {}", errno_text(errno));
}

std::vector<EchoFlow> flows_of(const std::vector<int>& sockets) {
  std::vector<EchoFlow> flows(sockets.size());
  for (std::size_t i = 0; i < sockets.size(); ++i) flows[i].socket = sockets[i];
  return flows;
}

}  // namespace

Result<EchoFlowsClient> EchoFlowsClient::make(const WorkloadSpec& spec, std::vector<int> sockets) {
  auto waiter = FlowWaiter::make(spec.poll, sockets);
  if (!waiter) return pass_on(waiter);
  EchoFlowsClient client(spec, std::move(*waiter));
  client.flows_ = flows_of(sockets);
  if (spec.poll != PollMode::kBlock) return client;
  if (auto limited = limit_receives(spec, sockets.front()); !limited) return pass_on(limited);
  return client;
}

Result<> EchoFlowsClient::request(EchoFlow& flow, std::byte mark) {
  flow.is_waiting = true;
  message_[0] = flow.sequence = mark;
  flow.sent_ns = monotonic_now_ns();
  return send_message(flow.socket, message_);
}

std::byte EchoFlowsClient::next_mark() { return static_cast<std::byte>(next_sequence_++ & 0x7fU); }

/// Whether the answer to the flow's request is there as a whole. Late answers to requests given up are dropped.
Result<bool> EchoFlowsClient::answered(EchoFlow& flow) {
  auto got = receive(flow, message_, waiter_.flags());
  if (!got || !*got) return got;
  if (flow.is_over) return fail(ErrorKind::kEnvironment, "the server closed the connection");
  if (flow.received < message_.size()) return false;
  flow.received = 0;
  return flow.is_waiting && flow.mark == flow.sequence;
}

/// The requests without an answer for the time-out: how many.
std::uint64_t EchoFlowsClient::give_up_overdue() {
  const std::uint64_t now = monotonic_now_ns();
  const auto patience = static_cast<std::uint64_t>(std::chrono::nanoseconds(spec_.receive_timeout).count());
  std::uint64_t overdue = 0;
  for (EchoFlow& flow : flows_) {
    if (!flow.is_waiting || now - flow.sent_ns < patience) continue;
    flow.is_waiting = false;
    ++overdue;
  }
  return overdue;
}

Result<> EchoFlowsClient::exchange(std::uint64_t count, std::uint64_t deadline_ns, Samples& rtt, std::uint64_t& lost) {
  std::uint64_t sent = 0;
  std::size_t on_their_way = 0;
  std::uint64_t now = 0;
  unsigned idle = 0;
  const auto send_where_nothing_is_awaited = [&]() -> Result<> {
    for (EchoFlow& flow : flows_) {
      if (flow.is_waiting || sent == count || now >= deadline_ns) continue;
      if (auto requested = request(flow, next_mark()); !requested) return requested;
      ++sent;
      ++on_their_way;
    }
    return {};
  };
  if (auto begun = send_where_nothing_is_awaited(); !begun) return begun;
  while (on_their_way > 0) {
    const auto ready = waiter_.wait(spec_.receive_timeout);
    bool came = false;
    for (const std::size_t index : ready) {
      EchoFlow& flow = flows_[index];
      auto answer = answered(flow);
      if (!answer) return pass_on(answer);
      if (!*answer) continue;
      came = true;
      now = monotonic_now_ns();
      rtt.record(now - flow.sent_ns);
      flow.is_waiting = false;
      --on_their_way;
      if (sent == count || now >= deadline_ns) continue;
      if (auto requested = request(flow, next_mark()); !requested) return requested;
      ++sent;
      ++on_their_way;
    }
    if (came || (spec_.poll == PollMode::kBusy && ++idle % kIdleRounds != 0)) continue;
    const std::uint64_t overdue = give_up_overdue();
    if (overdue == 0) continue;
    lost += overdue;
    on_their_way -= overdue;
    now = monotonic_now_ns();
    if (auto begun = send_where_nothing_is_awaited(); !begun) return begun;
  }
  return {};
}

Result<> EchoFlowsClient::warm_up(std::uint64_t count) {
  Samples uncounted(WorkloadSpec{});
  std::uint64_t lost = 0;
  if (auto done = exchange(count, std::numeric_limits<std::uint64_t>::max(), uncounted, lost); !done) return done;
  return spec_.protocol == Protocol::kUdp ? tell_over(Phase::kWarmUp) : end_warm_up();
}

/// Over TCP.
Result<> EchoFlowsClient::end_warm_up() {
  for (EchoFlow& flow : flows_) {
    if (auto requested = request(flow, kEndOfWarmUp); !requested) return requested;
  }
  for (std::size_t awaited = flows_.size(); awaited > 0;) {
    const auto ready = waiter_.wait(spec_.receive_timeout);
    for (const std::size_t index : ready) {
      auto answer = answered(flows_[index]);
      if (!answer) return pass_on(answer);
      if (!*answer) continue;
      flows_[index].is_waiting = false;
      --awaited;
    }
  }
  return {};
}

Result<EndResult> EchoFlowsClient::measure(std::uint64_t count) {
  EndResult result = result_of(Role::kClient, flows_.front().socket, spec_);
  Samples rtt(spec_);
  const MeasuredPart part;
  if (auto done = exchange(count, part.deadline_ns(spec_), rtt, result.lost); !done) return pass_on(done);
  part.end(result, monotonic_now_ns());
  keep_round_trips(result, std::move(rtt));
  result.round_trips = result.rtt.count();
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  return result;
}

Result<> EchoFlowsClient::tell_over(Phase phase) {
  message_[0] = phase == Phase::kMeeting ? kHello : kEndOfWarmUp;
  for (const EchoFlow& flow : flows_) {
    const auto told =
        phase == Phase::kMeasured ? send_end(flow.socket, spec_.protocol) : send_message(flow.socket, message_);
    if (!told) return told;
  }
  return {};
}

Result<EchoFlowsServer> EchoFlowsServer::make(const WorkloadSpec& spec, std::vector<int> sockets) {
  auto waiter = FlowWaiter::make(spec.poll, sockets);
  if (!waiter) return pass_on(waiter);
  EchoFlowsServer server(spec, std::move(*waiter));
  server.flows_ = flows_of(sockets);
  return server;
}

/// Receives once. If that makes a message whole, which is then the flow's mark, it answers a request.
Result<bool> EchoFlowsServer::came_whole(std::size_t index) {
  EchoFlow& flow = flows_[index];
  auto got = receive(flow, message_, waiter_.flags());
  if (!got || !*got) return got;
  if (flow.is_over) {
    waiter_.forget(index);
    ++over_;
    return false;
  }
  if (flow.received < message_.size()) return false;
  flow.received = 0;
  if (!is_answered(flow.mark, spec_.protocol)) return true;
  message_[0] = flow.mark;
  if (auto sent = send_message(flow.socket, message_); !sent) return pass_on(sent);
  return true;
}

Result<> EchoFlowsServer::warm_up() {
  for (std::size_t warm = 0; warm < flows_.size();) {
    const auto ready = waiter_.wait(kForEver);
    for (const std::size_t index : ready) {
      auto came = came_whole(index);
      if (!came) return pass_on(came);
      if (over_ != 0) return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
      EchoFlow& flow = flows_[index];
      if (!*came || flow.mark != kEndOfWarmUp || flow.is_waiting) continue;
      flow.is_waiting = true;  // for what is measured
      ++warm;
    }
  }
  return {};
}

Result<EndResult> EchoFlowsServer::measure() {
  EndResult result = result_of(Role::kServer, flows_.front().socket, spec_);
  const MeasuredPart part;
  while (over_ < flows_.size()) {
    // Forgetting a flow changes what wait() refers to.
    const auto ready = waiter_.wait(kForEver);
    const std::size_t over_before = over_;
    for (const std::size_t index : ready) {
      auto came = came_whole(index);
      if (!came) return pass_on(came);
      if (*came && flows_[index].mark < kHello) ++result.round_trips;
      if (over_ != over_before) break;
    }
  }
  part.end(result, monotonic_now_ns());
  return result;
}

template <class Flows>
Result<> EchoFlowsEnd<Flows>::prepare() {
  for (std::size_t member = 0; member < spec_.threads; ++member) {
    std::vector<int> sockets;
    for (std::size_t flow = member; flow < sockets_.size(); flow += spec_.threads) {
      sockets.push_back(sockets_[flow].get());
    }
    auto flows = Flows::make(spec_, std::move(sockets));
    if (!flows) return pass_on(flows);
    members_.push_back(std::move(*flows));
  }
  return {};
}

template <class Flows>
Result<> EchoFlowsEnd<Flows>::warm_up() {
  return team_.run([this](std::size_t member) {
    if constexpr (std::is_same_v<Flows, EchoFlowsClient>) {
      return members_[member].warm_up(share(spec_.warm_up, member, spec_.threads));
    } else {
      return members_[member].warm_up();
    }
  });
}

template <class Flows>
Result<EndResult> EchoFlowsEnd<Flows>::measure() {
  std::vector<EndResult> results(spec_.threads);
  auto done = team_.run([&](std::size_t member) -> Result<> {
    auto result = [&] {
      if constexpr (std::is_same_v<Flows, EchoFlowsClient>) {
        return members_[member].measure(share(spec_.count, member, spec_.threads));
      } else {
        return members_[member].measure();
      }
    }();
    if (!result) return pass_on(result);
    results[member] = std::move(*result);
    return {};
  });
  if (!done) return pass_on(done);
  EndResult sum = std::move(results.front());
  for (std::size_t member = 1; member < results.size(); ++member) add_thread(sum, std::move(results[member]));
  return sum;
}

template <class Flows>
Result<> EchoFlowsEnd<Flows>::tell_over(Phase phase) {
  for (Flows& member : members_) {
    if (auto told = member.tell_over(phase); !told) return told;
  }
  return {};
}

Result<ServerSockets> open_echo_sockets(const WorkloadSpec& spec) {
  if (spec.protocol == Protocol::kTcp) return open_one_socket(spec);
  if (auto allowed = allow_sockets(spec.flows); !allowed) return pass_on(allowed);
  ServerSockets sockets;
  for (std::uint32_t flow = 0; flow < spec.flows; ++flow) {
    const int port = spec.port == 0 ? 0 : spec.port + static_cast<int>(flow);
    auto socket = bind_server(spec.protocol, static_cast<std::uint16_t>(port), spec.socket);
    if (!socket) return pass_on(socket);
    sockets.open.push_back(std::move(*socket));
  }
  return sockets;
}

Result<EndResult> run_flows_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  std::vector<std::uint16_t> ports;
  for (const UniqueFd& open : sockets.open) {
    auto port = local_port(open.get());
    if (!port) return pass_on(port);
    ports.push_back(*port);
  }
  sockets = {};
  std::vector<UniqueFd> connected;
  for (std::uint32_t flow = 0; flow < spec.flows; ++flow) {
    auto socket = connect_to(spec.protocol, ports[flow % ports.size()], spec.socket);
    if (!socket) return pass_on(socket);
    connected.push_back(std::move(*socket));
  }
  EchoFlowsEnd<EchoFlowsClient> end(spec, std::move(connected));
  if (auto prepared = end.prepare(); !prepared) return pass_on(prepared);
  const EndIdentity identity{.role = Role::kClient, .tid = gettid(), .fd = end.first_socket()};
  return barrier.run(end, identity, end.others(), over_udp(spec, end));
}

Result<EndResult> run_flows_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  std::vector<UniqueFd> connected;
  for (std::uint32_t flow = 0; flow < spec.flows; ++flow) {
    auto socket = serve_one(spec, sockets.open[flow % sockets.open.size()]);
    if (!socket) return pass_on(socket);
    connected.push_back(std::move(*socket));
  }
  EchoFlowsEnd<EchoFlowsServer> end(spec, std::move(connected));
  if (auto prepared = end.prepare(); !prepared) return pass_on(prepared);
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = end.first_socket()}, end.others());
}

}  // namespace sockscope

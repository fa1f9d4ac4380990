#include "workloads/relay.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/child_process.h"
#include "base/monotonic_clock.h"
#include "workloads/descriptor_limit.h"
#include "workloads/measured_part.h"
#include "workloads/relay_proxy.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

/// What lies between the stations of a relayed round trip, with its two ends.
constexpr std::array<std::string_view, RelayHeader::kStations + 1> kStages{
    "client_to_proxy", "request_in_proxy",  "proxy_to_server", "in_server",
    "server_to_proxy", "response_in_proxy", "proxy_to_client"};

/// What is measured of the pairs.
class RelayTimes {
 public:
  explicit RelayTimes(const WorkloadSpec& spec) : direct_(spec), relayed_(spec), hop_(spec) {
    stages_.reserve(kStages.size());
    for (std::size_t i = 0; i < kStages.size(); ++i) stages_.emplace_back(spec);
  }

  void record(std::uint64_t direct_ns, std::uint64_t relayed_ns) {
    direct_.record(direct_ns);
    relayed_.record(relayed_ns);
    hop_.record(relayed_ns > direct_ns ? relayed_ns - direct_ns : 0);
    if (relayed_ns < direct_ns) ++relayed_faster_;
  }

  /// The moments between the stages. They do not ascend if one of them is missing: a proxy that is not ours stamps
  /// nothing.
  void record_stages(const std::array<std::uint64_t, kStages.size() + 1>& moments) {
    if (!std::ranges::is_sorted(moments)) {
      ++without_stages_;
      return;
    }
    for (std::size_t i = 0; i < stages_.size(); ++i) stages_[i].record(moments[i + 1] - moments[i]);
  }

  void keep(EndResult& result) && {
    result.measured.unit = "pair";
    result.measured.units = direct_.histogram.count();
    keep_times(result, "direct", std::move(direct_));
    keep_times(result, "relayed", std::move(relayed_));
    keep_times(result, "hop", std::move(hop_));
    for (std::size_t i = 0; i < stages_.size(); ++i) keep_times(result, kStages[i], std::move(stages_[i]));
    result.measured.add_count("relayed_faster", relayed_faster_);
    result.measured.add_count("without_stages", without_stages_);
  }

 private:
  Samples direct_;
  Samples relayed_;
  Samples hop_;
  std::vector<Samples> stages_;
  std::uint64_t relayed_faster_ = 0;
  std::uint64_t without_stages_ = 0;
};

}  // namespace

RelayClient::RelayClient(int direct, int relayed, const WorkloadSpec& spec)
    : spec_(spec), request_(spec.size), direct_(direct, spec.size), relayed_(relayed, spec.size) {}

Result<std::optional<RelayClient::Trip>> RelayClient::round_trip(RelayFlow& flow, std::uint64_t sequence) {
  RelayHeader{.sequence = sequence}.put_into(request_);
  Trip trip{.from_ns = monotonic_now_ns()};
  if (auto sent = send_message(flow.socket, request_); !sent) return pass_on(sent);
  auto came = receive(flow, sequence);
  trip.to_ns = monotonic_now_ns();
  if (!came) return pass_on(came);
  if (!*came) return std::nullopt;
  trip.answer = RelayHeader::of(flow.incoming);
  return trip;
}

/// False: it did not come in time. Late answers to earlier requests are passed over.
Result<bool> RelayClient::receive(RelayFlow& flow, std::uint64_t sequence) {
  int interrupted = 0;
  while (true) {
    const ssize_t got =
        recv(flow.socket, flow.incoming.data() + flow.received, flow.incoming.size() - flow.received, 0);
    if (got > 0) {
      if (spec_.socket.quickack) rearm_quickack(flow.socket);
      flow.received += static_cast<std::size_t>(got);
      if (flow.received < flow.incoming.size()) continue;
      flow.received = 0;
      if (RelayHeader::of(flow.incoming).sequence == sequence) return true;
    } else if (got == 0) {
      return fail(ErrorKind::kEnvironment, "the {} closed the connection", &flow == &direct_ ? "server" : "proxy");
    } else if (errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive from the {}: {}", &flow == &direct_ ? "server" : "proxy",
                  errno_text(errno));
    } else if (++interrupted == 2) {
      return false;
    }
  }
}

/// False if either was lost.
Result<bool> RelayClient::pair(Trip& direct, Trip& relayed) {
  ++sequence_;
  const bool relayed_first = sequence_ % 2 == 0;
  for (const bool through_proxy : {relayed_first, !relayed_first}) {
    auto trip = round_trip(through_proxy ? relayed_ : direct_, sequence_);
    if (!trip) return pass_on(trip);
    if (!*trip) return false;
    (through_proxy ? relayed : direct) = **trip;
  }
  return true;
}

Result<> RelayClient::warm_up() {
  Trip direct;
  Trip relayed;
  for (std::uint64_t i = 0; i < spec_.warm_up; ++i) {
    if (auto warm = pair(direct, relayed); !warm) return pass_on(warm);
  }
  if (spec_.protocol == Protocol::kUdp) return tell_over(Phase::kWarmUp);
  for (RelayFlow* flow : {&direct_, &relayed_}) {
    if (auto trip = round_trip(*flow, kRelayEndOfWarmUp); !trip) return pass_on(trip);
  }
  return {};
}

Result<EndResult> RelayClient::measure() {
  EndResult result = result_of(Role::kClient, relayed_.socket, spec_);
  RelayTimes times(spec_);
  Trip direct;
  Trip relayed;
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  std::uint64_t now = part.start_ns();
  for (std::uint64_t i = 0; i < spec_.count && now < deadline; ++i) {
    auto came = pair(direct, relayed);
    if (!came) return pass_on(came);
    now = monotonic_now_ns();
    if (!*came) {
      ++result.lost;
      continue;
    }
    times.record(direct.to_ns - direct.from_ns, relayed.to_ns - relayed.from_ns);
    const auto& at = relayed.answer.stamps;
    times.record_stages({relayed.from_ns, at[0], at[1], at[2], at[3], at[4], at[5], relayed.to_ns});
  }
  part.end(result, now);
  std::move(times).keep(result);
  result.round_trips = 2 * result.measured.units;
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  return result;
}

Result<> RelayClient::tell_over(Phase phase) {
  RelayHeader{.sequence = phase == Phase::kMeeting ? kRelayHello : kRelayEndOfWarmUp}.put_into(request_);
  for (const RelayFlow* flow : {&direct_, &relayed_}) {
    const auto told =
        phase == Phase::kMeasured ? send_end(flow->socket, spec_.protocol) : send_message(flow->socket, request_);
    if (!told) return told;
  }
  return {};
}

RelayServer::RelayServer(int direct, int relayed, const WorkloadSpec& spec)
    : spec_(spec), flows_{RelayFlow(direct, spec.size), RelayFlow(relayed, spec.size)} {}

Result<> RelayServer::wait() {
  std::array<pollfd, 2> waiting{};
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting.at(i) = {.fd = is_over_.at(i) ? -1 : flows_.at(i).socket, .events = POLLIN, .revents = 0};
  }
  if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
    return fail(ErrorKind::kEnvironment, "cannot wait for a request: {}", errno_text(errno));
  }
  for (std::size_t i = 0; i < waiting.size(); ++i) is_ready_.at(i) = waiting.at(i).revents != 0;
  return {};
}

Result<RelayServer::Came> RelayServer::receive(RelayFlow& flow) const {
  const ssize_t got = recv(flow.socket, flow.incoming.data() + flow.received, flow.incoming.size() - flow.received, 0);
  if (got == 0) return Came::kEnd;
  if (got < 0 && errno == EINTR) return Came::kNothing;
  if (got < 0) return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
  if (spec_.socket.quickack) rearm_quickack(flow.socket);
  flow.received += static_cast<std::size_t>(got);
  if (flow.received < flow.incoming.size()) return Came::kNothing;
  stamp(flow.incoming, RelayStation::kIntoServer, monotonic_now_ns());
  flow.received = 0;
  const std::uint64_t sequence = RelayHeader::of(flow.incoming).sequence;
  if (sequence == kRelayEndOfWarmUp) return Came::kWarmUpIsOver;
  return sequence == kRelayHello ? Came::kNothing : Came::kRequest;
}

// The proxy passes the end back, and is done.
void RelayServer::end(std::size_t flow) {
  is_over_.at(flow) = true;
  std::ignore = send_end(flows_.at(flow).socket, spec_.protocol);
}

Result<> RelayServer::answer(RelayFlow& flow) {
  stamp(flow.incoming, RelayStation::kOutOfServer, monotonic_now_ns());
  return send_message(flow.socket, flow.incoming);
}

Result<> RelayServer::warm_up() {
  std::array<bool, 2> is_warm{};
  while (!is_warm[0] || !is_warm[1]) {
    if (auto waited = wait(); !waited) return waited;
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      if (!is_ready_.at(i)) continue;
      auto came = receive(flows_.at(i));
      if (!came) return pass_on(came);
      if (*came == Came::kEnd) return fail(ErrorKind::kEnvironment, "the client left during the warm-up");
      if (*came == Came::kWarmUpIsOver) is_warm.at(i) = true;
      if (*came == Came::kNothing || (is_warm.at(i) && spec_.protocol == Protocol::kUdp)) continue;
      if (auto answered = answer(flows_.at(i)); !answered) return answered;
    }
  }
  return {};
}

Result<EndResult> RelayServer::measure() {
  EndResult result = result_of(Role::kServer, flows_[1].socket, spec_);
  const MeasuredPart part;
  while (!is_over_[0] || !is_over_[1]) {
    if (auto waited = wait(); !waited) return pass_on(waited);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      if (!is_ready_.at(i)) continue;
      auto came = receive(flows_.at(i));
      if (!came) return pass_on(came);
      if (*came == Came::kEnd) end(i);
      if (*came != Came::kRequest) continue;
      ++result.round_trips;
      if (auto answered = answer(flows_.at(i)); !answered) return pass_on(answered);
    }
  }
  part.end(result, monotonic_now_ns());
  return result;
}

namespace {

/// In this order in ServerSockets::open.
enum Port : std::size_t { kDirect, kRelayed, kFront, kPorts };

/// The proxy's process. Over UDP it passes on the client's hello to the server.
int proxy_main(const WorkloadSpec& spec, std::uint16_t server_port, UniqueFd& front) {
  auto back = connect_to(spec.protocol, server_port, spec.socket);
  if (!back) return 1;
  auto client = serve_one(spec, front);
  if (!client) return 1;
  return RelayProxy(client->get(), back->get(), spec).run() ? 0 : 1;
}

}  // namespace

Result<ServerSockets> open_relay_sockets(const WorkloadSpec& spec) {
  if (auto allowed = allow_sockets(kPorts); !allowed) return pass_on(allowed);
  ServerSockets sockets;
  for (std::size_t i = 0; i < kPorts; ++i) {
    auto socket = bind_server(spec.protocol, i == kDirect ? spec.port : std::uint16_t{0}, spec.socket);
    if (!socket) return pass_on(socket);
    sockets.open.push_back(std::move(*socket));
  }
  return sockets;
}

Result<EndResult> run_relay_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  const auto direct_port = local_port(sockets.open[kDirect].get());
  if (!direct_port) return std::unexpected(direct_port.error());
  const auto front_port = local_port(sockets.open[kFront].get());
  if (!front_port) return std::unexpected(front_port.error());
  sockets = {};
  auto direct = connect_to(spec.protocol, *direct_port, spec.socket);
  if (!direct) return pass_on(direct);
  auto relayed = connect_to(spec.protocol, *front_port, spec.socket);
  if (!relayed) return pass_on(relayed);
  RelayClient end(direct->get(), relayed->get(), spec);
  const EndIdentity identity{.role = Role::kClient, .tid = gettid(), .fd = relayed->get()};
  return barrier.run(end, identity, {}, over_udp(spec, end));
}

Result<EndResult> run_relay_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  const auto relayed_port = local_port(sockets.open[kRelayed].get());
  if (!relayed_port) return std::unexpected(relayed_port.error());
  auto proxy = ChildProcess::run({.name = "relay-proxy", .keep_fds = {sockets.open[kFront].get()}},
                                 [&] { return proxy_main(spec, *relayed_port, sockets.open[kFront]); });
  if (!proxy) return pass_on(proxy);
  sockets.open[kFront].reset();
  auto direct = serve_one(spec, sockets.open[kDirect]);
  if (!direct) return pass_on(direct);
  auto relayed = serve_one(spec, sockets.open[kRelayed]);
  if (!relayed) return pass_on(relayed);
  RelayServer end(direct->get(), relayed->get(), spec);
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = relayed->get()}, {proxy->pid()});
}

}  // namespace sockscope

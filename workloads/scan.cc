#include "workloads/scan.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/descriptor_limit.h"
#include "workloads/net_counters.h"
#include "workloads/single_flow.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

constexpr int kDatagrams = 3;
constexpr int kSilenceMs = 5;

/// Holds a port that refuses whatever comes to it. A UDP socket that is connected to itself hears nobody else.
Result<UniqueFd> bind_closed(const WorkloadSpec& spec) {
  auto socket = bind_server(spec.protocol, 0, spec.socket, kNotListening);
  if (!socket || spec.protocol == Protocol::kTcp) return socket;
  const auto itself = Address::local_of(socket->get());
  if (!itself) return std::unexpected(itself.error());
  if (connect(socket->get(), itself->get(), itself->size()) == 0) return socket;
  return fail(ErrorKind::kEnvironment, "cannot keep a port closed: {}", errno_text(errno));
}

Result<PortVerdict> try_tcp(int socket, const Address& server, const WorkloadSpec& spec) {
  const int error = connect_socket(socket, server);
  if (error == 0) return PortVerdict::kOpen;
  if (error == ECONNREFUSED) return PortVerdict::kClosed;
  return fail(ErrorKind::kEnvironment, "{}", why_not_connected(spec.protocol, server, spec.socket, error));
}

Result<PortVerdict> try_udp(int socket, const Address& server, const WorkloadSpec& spec) {
  if (connect(socket, server.get(), server.size()) != 0) {
    return fail(ErrorKind::kEnvironment, "{}", why_not_connected(spec.protocol, server, spec.socket, errno));
  }
  for (int i = 0; i < kDatagrams; ++i) {
    // The error of the datagram before this one comes back by either call.
    if (send(socket, "X", 1, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED) return PortVerdict::kClosed;
    pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
    char answer = 0;
    if (poll(&polled, 1, kSilenceMs) <= 0) continue;
    if (recv(socket, &answer, 1, MSG_DONTWAIT) < 0 && errno == ECONNREFUSED) return PortVerdict::kClosed;
  }
  return PortVerdict::kOpen;
}

/// What the namespace counts of a scan's refusals.
struct Refusals {
  std::uint64_t resets = 0;
  std::uint64_t icmp_unreachables = 0;
  std::uint64_t segments = 0;
  std::uint64_t datagrams = 0;

  static Refusals now(IpVersion ip) {
    return {.resets = namespace_count(ip, "Tcp", "OutRsts"),
            .icmp_unreachables = namespace_count(ip, "Icmp", "OutDestUnreachs"),
            .segments = namespace_count(ip, "Tcp", "OutSegs"),
            .datagrams = namespace_count(ip, "Udp", "OutDatagrams")};
  }
};

void add_refusals(const Refusals& before, const WorkloadSpec& spec, Measurements& measured) {
  const Refusals now = Refusals::now(spec.socket.ip);
  if (spec.protocol == Protocol::kUdp) {
    const std::uint64_t unreachables = now.icmp_unreachables - before.icmp_unreachables;
    measured.add_count("icmp_unreachables", unreachables);
    measured.add_count("namespace_packets", now.datagrams - before.datagrams + unreachables);
    return;
  }
  measured.add_count("resets", now.resets - before.resets);
  measured.add_count("namespace_segments", now.segments - before.segments);
}

}  // namespace

Result<PortVerdict> try_port(const WorkloadSpec& spec, std::uint16_t port) {
  auto socket = open_socket(spec.protocol, spec.socket);
  if (!socket) return pass_on(socket);
  if (auto bound = bind_client(socket->get(), spec.socket); !bound) return pass_on(bound);
  const auto server = server_address(spec.socket, port);
  if (!server) return std::unexpected(server.error());
  return spec.protocol == Protocol::kTcp ? try_tcp(socket->get(), *server, spec)
                                         : try_udp(socket->get(), *server, spec);
}

Result<> ScanClient::warm_up() {
  std::ranges::shuffle(ports_, std::mt19937_64(spec_.seed));
  return {};
}

Result<EndResult> ScanClient::measure() {
  EndResult result;
  result.identity = {.role = Role::kClient, .tid = gettid(), .fd = -1};
  if (auto socket = open_socket(spec_.protocol, spec_.socket)) {
    result.socket = options_in_effect(spec_.protocol, socket->get());
  }
  Samples open(spec_);
  Samples closed(spec_);
  std::uint64_t wrong = 0;
  const Refusals before = Refusals::now(spec_.socket.ip);
  const MeasuredPart part;
  for (const ScannedPort& port : ports_) {
    const std::uint64_t begun = monotonic_now_ns();
    auto verdict = try_port(spec_, port.number);
    if (!verdict) return pass_on(verdict);
    const bool is_open = *verdict == PortVerdict::kOpen;
    (is_open ? open : closed).record(monotonic_now_ns() - begun);
    if (is_open != port.is_open) ++wrong;
  }
  part.end(result, monotonic_now_ns());
  result.round_trips = ports_.size();
  result.measured.unit = "port";
  result.measured.units = ports_.size();
  result.measured.add_count("open", open.histogram.count());
  result.measured.add_count("closed", closed.histogram.count());
  result.measured.add_count("wrong_verdicts", wrong);
  add_refusals(before, spec_, result.measured);
  keep_times(result, "open_port", std::move(open));
  keep_times(result, "closed_port", std::move(closed));
  return result;
}

Result<ServerSockets> open_scan_sockets(const WorkloadSpec& spec) {
  if (auto allowed = allow_sockets(spec.ports + std::uint64_t{1}); !allowed) return pass_on(allowed);
  ServerSockets sockets;
  auto control = bind_server(Protocol::kTcp, 0, spec.socket);
  if (!control) return pass_on(control);
  sockets.open.push_back(std::move(*control));
  for (std::uint32_t i = 0; i < spec.ports; ++i) {
    const bool is_open = i % 2 == 0;
    auto socket = is_open ? bind_server(spec.protocol, 0, spec.socket) : bind_closed(spec);
    if (!socket) return pass_on(socket);
    if (is_open) {
      sockets.open.push_back(std::move(*socket));
      continue;
    }
    auto port = local_port(socket->get());
    if (!port) return pass_on(port);
    sockets.closed_ports.push_back(*port);
    sockets.closed.push_back(std::move(*socket));
  }
  return sockets;
}

Result<EndResult> run_scan_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  std::vector<ScannedPort> ports;
  ports.reserve(spec.ports);
  for (const std::uint16_t port : sockets.closed_ports) ports.push_back({.number = port, .is_open = false});
  for (std::size_t i = 1; i < sockets.open.size(); ++i) {
    auto port = local_port(sockets.open[i].get());
    if (!port) return pass_on(port);
    ports.push_back({.number = *port, .is_open = true});
  }
  auto control = port_and_close(sockets);
  if (!control) return pass_on(control);
  /// Tells the server when the scan is done.
  struct Scanner {
    ScanClient scan;
    std::uint16_t control;
    const WorkloadSpec& spec;
    Result<> warm_up() { return scan.warm_up(); }
    Result<EndResult> measure() {
      auto result = scan.measure();
      if (!result) return result;
      if (auto told = connect_to(Protocol::kTcp, control, spec.socket); !told) return pass_on(told);
      return result;
    }
  };
  Scanner end{.scan = ScanClient(std::move(ports), spec), .control = *control, .spec = spec};
  return barrier.run(end, {.role = Role::kClient, .tid = gettid(), .fd = -1});
}

Result<EndResult> run_scan_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  /// Holds the ports open, and does nothing: connections are made by the kernel.
  struct Holder {
    int control;
    const WorkloadSpec& spec;
    static Result<> warm_up() { return {}; }
    [[nodiscard]] Result<EndResult> measure() const {
      EndResult result = result_of(Role::kServer, control, spec);
      const MeasuredPart part;
      if (auto done = accept_connection(control); !done) return pass_on(done);
      part.end(result, monotonic_now_ns());
      return result;
    }
  };
  const int control = sockets.open.front().get();
  Holder end{.control = control, .spec = spec};
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = control});
}

}  // namespace sockscope

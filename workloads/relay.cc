#include "workloads/relay.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <future>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"
#include "workloads/socket.h"

namespace sockscope {

Result<> Proxy::pass_end(int to) const {
  const bool passed =
      spec_.protocol == Protocol::kTcp ? shutdown(to, SHUT_WR) == 0 : send(to, nullptr, 0, MSG_NOSIGNAL) == 0;
  if (passed) return {};
  return fail(ErrorKind::kEnvironment, "the proxy cannot pass on the end: {}", errno_text(errno));
}

Result<Proxy::Passed> Proxy::pass(int from, int to) {
  const ssize_t got = recv(from, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno != EINTR)
    return fail(ErrorKind::kEnvironment, "the proxy cannot receive: {}", errno_text(errno));
  if (got < 0) return Passed::kData;
  if (got == 0) {
    if (auto passed = pass_end(to); !passed) return pass_on(passed);
    return Passed::kEnd;
  }
  const std::uint64_t received = monotonic_now_ns();
  if (auto sent = send_message(to, std::span<const std::byte>(buffer_).first(static_cast<std::size_t>(got))); !sent) {
    return pass_on(sent);
  }
  if (part_) forward_.record(monotonic_now_ns() - received);
  // The answer to the request that ends the warm-up is the last thing that is not measured.
  if (from == server_ && buffer_[0] == kEndOfWarmUp) part_.emplace();
  return Passed::kData;
}

Result<> Proxy::run() {
  std::array<pollfd, 2> polled{
      {{.fd = client_, .events = POLLIN, .revents = 0}, {.fd = server_, .events = POLLIN, .revents = 0}}};
  while (true) {
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    for (pollfd& one : polled) {
      if (one.revents == 0) continue;
      const bool is_from_client = one.fd == client_;
      auto passed = pass(one.fd, is_from_client ? server_ : client_);
      if (!passed) return pass_on(passed);
      if (*passed != Passed::kEnd) continue;
      // Over UDP nothing answers the client's end.
      const bool is_over = !is_from_client || spec_.protocol == Protocol::kUdp;
      one.fd = -1;
      if (!is_over) continue;
      if (part_) part_->end(usage_, monotonic_now_ns());
      return {};
    }
  }
}

EndResult Proxy::result() && {
  keep_times(usage_, "proxy", std::move(forward_));
  return std::move(usage_);
}

Result<> RelayClient::warm_up() {
  if (auto warm = direct_.warm_up(); !warm) return warm;
  return relayed_.warm_up();
}

Result<EndResult> RelayClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  Samples direct(spec_);
  Samples relayed(spec_);
  const MeasuredPart part;
  const std::uint64_t deadline = part.deadline_ns(spec_);
  std::uint64_t before = part.start_ns();
  const auto ping = [&](EchoClient& over, std::uint64_t number, Samples& times) -> Result<> {
    auto answer = over.round_trip(number);
    if (!answer) return pass_on(answer);
    const std::uint64_t now = monotonic_now_ns();
    if (*answer == EchoClient::Answer::kCame) {
      times.record(now - before);
    } else {
      ++result.lost;
    }
    before = now;
    return {};
  };
  for (std::uint64_t i = 0; i < spec_.count && before < deadline; ++i) {
    if (auto done = ping(direct_, i, direct); !done) return pass_on(done);
    if (auto done = ping(relayed_, i, relayed); !done) return pass_on(done);
  }
  part.end(result, before);
  result.round_trips = direct.histogram.count() + relayed.histogram.count();
  result.measured.unit = "round trip";
  result.measured.units = result.round_trips;
  keep_times(result, "direct", std::move(direct));
  keep_times(result, "relayed", std::move(relayed));
  for (const EchoClient* const end : {&direct_, &relayed_}) {
    if (auto told = end->tell_the_end(); !told) return pass_on(told);
  }
  return result;
}

Result<ServerSockets> open_relay_sockets(const WorkloadSpec& spec) {
  ServerSockets sockets;
  for (const std::uint16_t port : {spec.port, std::uint16_t{0}, std::uint16_t{0}}) {
    auto socket = bind_server(spec.protocol, port, spec.socket);
    if (!socket) return pass_on(socket);
    sockets.open.push_back(std::move(*socket));
  }
  return sockets;
}

Result<EndResult> run_relay_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  auto in_front = local_port(sockets.open[1].get());
  if (!in_front) return pass_on(in_front);
  auto port = port_and_close(sockets);
  if (!port) return pass_on(port);
  auto direct = reach(spec, *port);
  if (!direct) return pass_on(direct);
  auto relayed = reach(spec, *in_front);
  if (!relayed) return pass_on(relayed);
  RelayClient end(direct->get(), relayed->get(), spec);
  return barrier.run(end, {.role = Role::kClient, .tid = gettid(), .fd = direct->get()});
}

namespace {

/// The sockets of the server's side: of both servers, and the two of the proxy.
struct RelaySockets {
  UniqueFd direct;
  UniqueFd behind;
  UniqueFd to_client;
  UniqueFd to_server;
};

Result<RelaySockets> connect_all(const WorkloadSpec& spec, ServerSockets& sockets) {
  auto direct = serve_one(spec, sockets.open[0]);
  if (!direct) return pass_on(direct);
  auto to_client = serve_one(spec, sockets.open[1]);
  if (!to_client) return pass_on(to_client);
  auto port = local_port(sockets.open[2].get());
  if (!port) return pass_on(port);
  auto to_server = reach(spec, *port);
  if (!to_server) return pass_on(to_server);
  auto behind = serve_one(spec, sockets.open[2]);
  if (!behind) return pass_on(behind);
  return RelaySockets{std::move(*direct), std::move(*behind), std::move(*to_client), std::move(*to_server)};
}

/// Both servers and the proxy, a thread each.
class RelayServer {
 public:
  RelayServer(RelaySockets sockets, const WorkloadSpec& spec)
      : sockets_(std::move(sockets)),
        team_(2),
        direct_(sockets_.direct.get(), spec),
        behind_(sockets_.behind.get(), spec),
        proxy_(sockets_.to_client.get(), sockets_.to_server.get(), spec),
        thread_([this] {
          tid_.set_value(gettid());
          ran_ = proxy_.run();
        }) {}

  [[nodiscard]] int socket() const { return sockets_.direct.get(); }
  std::vector<pid_t> others() {
    std::vector<pid_t> tids = team_.others();
    tids.push_back(tid_.get_future().get());
    return tids;
  }
  Result<> warm_up() {
    return team_.run([this](std::size_t member) { return member == 0 ? direct_.warm_up() : behind_.warm_up(); });
  }
  Result<EndResult> measure() {
    std::array<EndResult, 2> results;
    auto done = team_.run([&](std::size_t member) -> Result<> {
      auto result = member == 0 ? direct_.measure() : behind_.measure();
      if (!result) return pass_on(result);
      results.at(member) = std::move(*result);
      return {};
    });
    if (!done) return pass_on(done);
    // The end of the stream towards the client.
    shutdown(sockets_.behind.get(), SHUT_WR);
    thread_.join();
    if (!ran_) return pass_on(ran_);
    add_thread(results[0], std::move(results[1]));
    add_thread(results[0], std::move(proxy_).result());
    return std::move(results[0]);
  }

 private:
  RelaySockets sockets_;
  ThreadTeam team_;
  EchoServer direct_;
  EchoServer behind_;
  Proxy proxy_;
  std::promise<pid_t> tid_;
  Result<> ran_;
  std::jthread thread_;
};

}  // namespace

Result<EndResult> run_relay_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  auto connected = connect_all(spec, sockets);
  if (!connected) return pass_on(connected);
  RelayServer end(std::move(*connected), spec);
  const std::vector<pid_t> others = end.others();
  return barrier.run(end, {.role = Role::kServer, .tid = gettid(), .fd = end.socket()}, others);
}

}  // namespace sockscope

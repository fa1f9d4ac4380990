#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

constexpr std::int64_t kPayload = 64;
constexpr std::uint32_t kTcpLength = kPayload + 66;  // Ethernet, IPv4, and TCP with timestamps
constexpr std::uint32_t kUdpLength = kPayload + 42;

void add_request(EventLog& log, const PingPong& at) {
  const std::uint64_t t = at.start_ns;
  const bool is_tcp = at.protocol == Protocol::kTcp;
  log.in(kClientTid)
      .send(t, kClientFd, kPayload)
      .queue(t + 300, kRequestSkb, is_tcp ? kTcpLength : kUdpLength)
      .rx(t + 400, kRequestSkb)
      .xmit(t + 450)
      .softirq(t + 500)
      .receive(t + 600, kRequestSkb);
  if (is_tcp) log.probe(t + 650, kRequestSkb, at.server_sk, kPayload);
  log.ready(t + 700, at.server_sk)
      .waking(t + 800, kServerTid)
      .sock(t + 900, at.client_sk, at.protocol)
      .exit(t + 1000, kPayload)
      .recv(t + 1100, kClientFd)
      .switch_to(t + 1200, kServerTid)
      .sock(t + 1300, at.server_sk, at.protocol)
      .exit(t + 1400, kPayload);
}

void add_response(EventLog& log, const PingPong& at) {
  const std::uint64_t t = at.start_ns;
  const bool is_tcp = at.protocol == Protocol::kTcp;
  log.in(kServerTid)
      .send(t + 1600, kServerFd, kPayload)
      .queue(t + 1900, kResponseSkb, is_tcp ? kTcpLength : kUdpLength)
      .rx(t + 2050, kResponseSkb)
      .xmit(t + 2100)
      .softirq(t + 2150)
      .receive(t + 2250, kResponseSkb);
  if (is_tcp) log.probe(t + 2300, kResponseSkb, at.client_sk, kPayload);
  log.ready(t + 2350, at.client_sk)
      .waking(t + 2400, kClientTid)
      .sock(t + 2500, at.server_sk, at.protocol)
      .exit(t + 2600, kPayload)
      .recv(t + 2700, kServerFd)
      .switch_to(t + 2800, kClientTid)
      .sock(t + 2900, at.client_sk, at.protocol)
      .exit(t + 3000, kPayload);
}

}  // namespace

void add_round_trip(EventLog& log, const PingPong& at) {
  add_request(log, at);
  add_response(log, at);
}

EventLog ping_pong(Protocol protocol, int count) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  for (int i = 0; i < count; ++i) {
    add_round_trip(log, {.start_ns = 1000 + 10'000 * static_cast<std::uint64_t>(i), .protocol = protocol});
  }
  return log;
}

const std::vector<std::string>& stages_of_a_ping_pong() {
  static const std::vector<std::string> lines{"request send 300",       "request device 100",   "request backlog 200",
                                              "request receive 200",    "request wake-up 400",  "request deliver 200",
                                              "server turn-around 200", "response send 300",    "response device 150",
                                              "response backlog 200",   "response receive 150", "response wake-up 400",
                                              "response deliver 200"};
  return lines;
}

std::array<KnownFlow, 1> known_flow(Protocol protocol, TimeWindow client, TimeWindow server) {
  return {KnownFlow{.protocol = protocol,
                    .client = {.tid = kClientTid, .fd = kClientFd, .window = client},
                    .server = {.tid = kServerTid, .fd = kServerFd, .window = server}}};
}

}  // namespace sockscope

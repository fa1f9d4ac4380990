#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "harness/process_tree.h"
#include "tests/integration/sockscope_program.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/connect.h"
#include "workloads/echo.h"
#include "workloads/echo_flows.h"
#include "workloads/rate.h"
#include "workloads/relay.h"
#include "workloads/scan.h"
#include "workloads/socket.h"
#include "workloads/stream.h"
#include "workloads/telnet.h"

/// Each end of a workload beside somebody else's program: OpenBSD netcat, socat, a telnet client, a few lines of
/// Python.
namespace sockscope {
namespace {

using ::testing::HasSubstr;
using testing::Scratch;

constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{10}};

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A shell command in the background, with $PORT in it.
ChildProcess start(const std::string& command, std::uint16_t port) {
  auto child = ChildProcess::exec({.name = command}, {"sh", "-c", fmt::format("PORT={}; exec {}", port, command)});
  EXPECT_TRUE(child) << (child ? "" : child.error().message);
  return child ? std::move(*child) : ChildProcess();
}

std::uint16_t free_port(Protocol protocol) {
  const auto socket = bind_server(protocol, 0, {}, kNotListening);
  return socket ? local_port(socket->get()).value_or(0) : 0;
}

/// Connects as soon as the other program listens.
UniqueFd connect_when_up(Protocol protocol, std::uint16_t port) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    auto socket = connect_to(protocol, port);
    if (socket) return std::move(*socket);
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  ADD_FAILURE() << "nobody listens on " << port;
  return {};
}

/// Waits until the program has a port: a UDP socket connects to one that nobody has.
void wait_for_port(const ChildProcess& program) {
  for (int attempt = 0; attempt < 500 && !listens({program.pid()}); ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

WorkloadSpec spec_of(const ShortRun& run) { return run.spec(); }

bool has(const char* program) { return testing::run({"sh", "-c", std::string("command -v ") + program}).status == 0; }

#define SKIP_WITHOUT(program) \
  if (!has(program)) GTEST_SKIP() << "no " << (program) << " here: harness/setup.sh test installs it"

TEST(EchoClient, IsAnsweredBySocat) {
  SKIP_WITHOUT("socat");
  const std::uint16_t port = free_port(Protocol::kTcp);
  const auto cat = start("socat TCP-LISTEN:$PORT,bind=127.0.0.1,reuseaddr EXEC:cat", port);
  const UniqueFd socket = connect_when_up(Protocol::kTcp, port);
  EchoClient client(socket.get(), spec_of({.count = 200}));
  ASSERT_TRUE(client.warm_up());
  const auto result = client.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->rtt.count(), 200U);
  EXPECT_EQ(result->lost, 0U);
}

constexpr std::size_t kFlows = 8;
constexpr std::uint64_t kRounds = 200;

class EchoFlowsOver : public ::testing::TestWithParam<Protocol> {
 protected:
  static WorkloadSpec spec() {
    WorkloadSpec spec = spec_of({.protocol = GetParam(), .count = kRounds * kFlows, .warm_up = 10});
    spec.poll = PollMode::kEpoll;
    return spec;
  }
};

INSTANTIATE_TEST_SUITE_P(Protocols, EchoFlowsOver, ::testing::Values(Protocol::kTcp, Protocol::kUdp),
                         [](const auto& chosen) { return name_of_test(chosen.param); });

TEST_P(EchoFlowsOver, AreAllAnsweredByAnotherServer) {
  const Scratch scratch;
  const std::uint16_t port = free_port(GetParam());
  auto server = start(fmt::format("python3 -I {} serve {} $PORT {} >{}", ECHO_FLOWS, name_of(GetParam()), kFlows,
                                  (scratch / "out").string()),
                      port);
  wait_for_port(server);
  std::vector<UniqueFd> sockets;
  std::vector<int> flows;
  flows.reserve(kFlows);
  for (std::size_t i = 0; i < kFlows; ++i) {
    flows.push_back(sockets.emplace_back(connect_when_up(GetParam(), port)).get());
  }
  auto client = EchoFlowsClient::make(spec(), flows);
  ASSERT_TRUE(client) << client.error().message;
  const auto warm = client->warm_up(spec().warm_up);
  ASSERT_TRUE(warm) << warm.error().message;
  const auto result = client->measure(spec().count);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->rtt.count(), 1'600U);
  EXPECT_EQ(result->lost, 0U);
  ASSERT_EQ(server.wait(kPatient), 0);
  // 10 round trips of the warm-up, the one that ends it in each of the flows, and those measured; 64 bytes each.
  EXPECT_EQ(content_of(scratch / "out"), fmt::format("8 flows, {} bytes\n", (10 + 8 + 1'600) * 64));
}

TEST_P(EchoFlowsOver, AnswerAnotherClientInEach) {
  std::vector<UniqueFd> bound;
  std::string ports;
  for (std::size_t i = 0; i < kFlows; ++i) {
    auto socket = bind_server(GetParam(), 0);
    ASSERT_TRUE(socket) << socket.error().message;
    ports += fmt::format(" {}", *local_port(socket->get()));
    bound.push_back(std::move(*socket));
  }
  auto asking = start(fmt::format("python3 -I {} ask {} 64 {}{}", ECHO_FLOWS, name_of(GetParam()), kRounds, ports), 0);
  std::vector<int> flows;
  for (UniqueFd& socket : bound) {
    if (GetParam() == Protocol::kUdp) {
      ASSERT_TRUE(connect_to_first_sender(socket.get()));
    } else {
      auto accepted = accept_connection(socket.get());
      ASSERT_TRUE(accepted) << accepted.error().message;
      socket = std::move(*accepted);
    }
    flows.push_back(socket.get());
  }
  auto server = EchoFlowsServer::make(spec(), flows);
  ASSERT_TRUE(server) << server.error().message;
  const auto warm = server->warm_up();
  ASSERT_TRUE(warm) << warm.error().message;
  const auto result = server->measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 1'600U);
  EXPECT_EQ(asking.wait(kPatient), 0);
}

TEST(RateClient, IsAnsweredBySocat) {
  SKIP_WITHOUT("socat");
  const std::uint16_t port = free_port(Protocol::kTcp);
  const auto cat = start("socat TCP-LISTEN:$PORT,bind=127.0.0.1,reuseaddr EXEC:cat", port);
  const UniqueFd socket = connect_when_up(Protocol::kTcp, port);
  WorkloadSpec spec = spec_of({.count = 200});
  spec.rate = 2'000;
  RateClient client(socket.get(), spec);
  ASSERT_TRUE(client.warm_up());
  const auto result = client.measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->rtt.count(), 200U);
}

/// A file of 300,001 bytes, no two parts of which are alike.
std::string some_content() {
  std::string content;
  for (unsigned i = 0; content.size() < 300'001; ++i) content += static_cast<char>(i * 2'654'435'761U >> 24);
  return content;
}

TEST(StreamClient, SendsAFileToNetcatByteForByte) {
  SKIP_WITHOUT("nc.openbsd");
  const Scratch scratch;
  std::ofstream(scratch / "in", std::ios::binary) << some_content();
  const std::uint16_t port = free_port(Protocol::kTcp);
  auto netcat = start("nc.openbsd -l 127.0.0.1 $PORT </dev/null >" + (scratch / "out").string(), port);
  {
    const UniqueFd socket = connect_when_up(Protocol::kTcp, port);
    WorkloadSpec spec = spec_of({.size = 4'096});
    spec.file = scratch / "in";
    const auto result = StreamClient(socket.get(), spec).measure();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->measured.count("bytes_sent"), 300'001U);
  }
  ASSERT_EQ(netcat.wait(kPatient), 0);
  EXPECT_TRUE(content_of(scratch / "out") == some_content());
}

TEST(StreamServer, CountsEveryByteThatNetcatSends) {
  SKIP_WITHOUT("nc.openbsd");
  const Scratch scratch;
  std::ofstream(scratch / "in", std::ios::binary) << some_content();
  const auto listener = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(listener) << listener.error().message;
  auto netcat = start("nc.openbsd -N 127.0.0.1 $PORT <" + (scratch / "in").string(), *local_port(listener->get()));
  const auto socket = accept_connection(listener->get());
  ASSERT_TRUE(socket) << socket.error().message;
  const auto result = StreamServer(socket->get(), spec_of({.size = 4'096})).measure();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("bytes_received"), 300'001U);
}

// One request by netcat, and a connection without one, which ends the phase.
TEST(ConnectServer, AnswersNetcat) {
  SKIP_WITHOUT("nc.openbsd");
  const auto listener = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(listener) << listener.error().message;
  const std::uint16_t port = *local_port(listener->get());
  Result<EndResult> result;
  std::jthread thread([&] { result = ConnectServer(listener->get(), spec_of({.size = 64})).measure(); });
  const std::string request(64, 'r');
  const auto asked = testing::run({"sh", "-c", fmt::format("printf {} | nc.openbsd -N 127.0.0.1 {}", request, port)});
  EXPECT_EQ(asked.out, request);
  EXPECT_EQ(testing::run({"nc.openbsd", "-z", "127.0.0.1", std::to_string(port)}).status, 0);
  thread.join();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 1U);
}

TEST(Scan, AgreesWithNetcat) {
  SKIP_WITHOUT("nc.openbsd");
  WorkloadSpec spec = spec_of({});
  spec.ports = 6;
  const auto sockets = open_scan_sockets(spec);
  ASSERT_TRUE(sockets) << sockets.error().message;
  for (std::size_t i = 1; i < sockets->open.size(); ++i) {
    const std::uint16_t port = *local_port(sockets->open[i].get());
    EXPECT_EQ(testing::run({"nc.openbsd", "-z", "127.0.0.1", std::to_string(port)}).status, 0);
    EXPECT_EQ(try_port(spec, port), PortVerdict::kOpen);
  }
  for (const std::uint16_t port : sockets->closed_ports) {
    EXPECT_EQ(testing::run({"nc.openbsd", "-z", "127.0.0.1", std::to_string(port)}).status, 1);
    EXPECT_EQ(try_port(spec, port), PortVerdict::kClosed);
  }
}

// The lab's own proxy: two netcats and a FIFO. It stamps nothing, and carries everything.
TEST(Relay, GoesThroughTwoNetcats) {
  SKIP_WITHOUT("nc.openbsd");
  const Scratch scratch;
  const WorkloadSpec spec = spec_of({.count = 100});
  const ConnectedEnds direct(Protocol::kTcp);
  const auto back = bind_server(Protocol::kTcp, 0);
  const std::uint16_t front = free_port(Protocol::kTcp);
  auto netcats =
      start(fmt::format("sh -c 'mkfifo {0} && nc.openbsd -N -l 127.0.0.1 {1} <{0} | nc.openbsd -N 127.0.0.1 {2} >{0}'",
                        (scratch / "fifo").string(), front, *local_port(back->get())),
            front);
  const auto to_server = accept_connection(back->get());
  const UniqueFd relayed = connect_when_up(Protocol::kTcp, front);
  Result<EndResult> served;
  std::jthread server([&] {
    RelayServer end(direct.server.get(), to_server->get(), spec);
    if (end.warm_up()) served = end.measure();
  });
  RelayClient client(direct.client.get(), relayed.get(), spec);
  ASSERT_TRUE(client.warm_up());
  const auto measured = client.measure();
  ASSERT_TRUE(measured) << measured.error().message;
  server.join();
  EXPECT_EQ(served->round_trips, 200U);
  EXPECT_EQ(measured->measured.time("direct")->count(), 100U);
  EXPECT_EQ(measured->measured.time("relayed")->count(), 100U);
  EXPECT_EQ(measured->measured.count("without_stages"), 100U);
  EXPECT_EQ(netcats.wait(kPatient), 0);
}

TEST(TelnetServer, NegotiatesWithATelnetClientAndAnswersItsLine) {
  SKIP_WITHOUT("telnet");
  const Scratch scratch;
  const auto listener = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(listener) << listener.error().message;
  auto telnet = start(
      "sh -c '{ sleep 0.3; echo salam; sleep 0.3; printf \"\\027\\n\"; sleep 0.3; } | "
      "telnet 127.0.0.1 '$PORT >" +
          (scratch / "out").string() + " 2>&1",
      *local_port(listener->get()));
  const auto socket = accept_connection(listener->get());
  ASSERT_TRUE(socket) << socket.error().message;
  TelnetServer server(socket->get(), spec_of({.size = 5}));
  const auto warm = server.warm_up();
  ASSERT_TRUE(warm) << warm.error().message;
  const auto result = server.measure();  // What is left until the client leaves.
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_TRUE(telnet.wait(kPatient));
  EXPECT_THAT(content_of(scratch / "out"), HasSubstr("salam\r\nsalam"));
}

}  // namespace
}  // namespace sockscope

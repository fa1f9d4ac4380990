#include "workloads/echo.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/monotonic_clock.h"
#include "tests/workloads/connected_ends.h"

namespace sockscope {
namespace {

struct BothResults {
  Result<EndResult> client;
  Result<EndResult> server;
};

template <class End>
Result<EndResult> run_end(int socket, const WorkloadSpec& spec) {
  End end(socket, spec);
  if (auto warm = end.warm_up(); !warm) return pass_on(warm);
  return end.measure();
}

/// Runs both ends to their ends, the server in a thread of its own.
BothResults run_both(const WorkloadSpec& spec) {
  const ConnectedEnds ends(spec.protocol);
  BothResults results;
  const std::jthread server([&] { results.server = run_end<EchoServer>(ends.server.get(), spec); });
  results.client = run_end<EchoClient>(ends.client.get(), spec);
  // A server whose client failed would wait for ever.
  if (!results.client) shutdown(ends.server.get(), SHUT_RDWR);
  return results;
}

TEST(Echo, IsBusyForTheInjectedDelayBeforeEachAnswer) {
  WorkloadSpec spec = ShortRun{.protocol = Protocol::kTcp, .size = 64}.spec();
  spec.inject_delay = std::chrono::microseconds{700};
  const auto [client, server] = run_both(spec);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->round_trips, 20U);
  EXPECT_EQ(server->round_trips, 20U);
  EXPECT_GE(client->rtt.min(), 700'000U);
}

class EchoOfSize : public testing::TestWithParam<ShortRun> {};

INSTANTIATE_TEST_SUITE_P(Sizes, EchoOfSize,
                         testing::Values(ShortRun{.protocol = Protocol::kTcp, .size = 1},
                                         ShortRun{.protocol = Protocol::kTcp, .size = 64},
                                         ShortRun{.protocol = Protocol::kTcp, .size = WorkloadSpec::kMaxSize},
                                         ShortRun{.protocol = Protocol::kUdp, .size = 1},
                                         ShortRun{.protocol = Protocol::kUdp, .size = 64},
                                         ShortRun{.protocol = Protocol::kUdp, .size = WorkloadSpec::kMaxUdpSize}),
                         [](const auto& run) { return name_of(run.param); });

TEST_P(EchoOfSize, CountsEveryRoundTripAtBothEndsAndNoneOfTheWarmUp) {
  const auto [client, server] = run_both(GetParam().spec());
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->round_trips, 20U);
  EXPECT_EQ(client->rtt.count(), 20U);
  EXPECT_EQ(client->lost, 0U);
  EXPECT_EQ(server->round_trips, 20U);
  EXPECT_EQ(server->rtt.count(), 0U);
  EXPECT_EQ(server->lost, 0U);
}

TEST_P(EchoOfSize, SpendsAllOfItsTimeInRoundTrips) {
  const std::uint64_t before = monotonic_now_ns();
  const auto [client, server] = run_both(GetParam().spec());
  const std::uint64_t after = monotonic_now_ns();
  ASSERT_TRUE(client) << client.error().message;
  // The end of one round trip is the start of the next: nothing lies in between.
  EXPECT_EQ(client->rtt.sum(), client->end_ns - client->start_ns);
  EXPECT_LE(before, client->start_ns);
  EXPECT_LE(client->end_ns, after);
}

TEST(Echo, SaysWhereATraceFindsItsEnds) {
  const WorkloadSpec spec = ShortRun{}.spec();
  const ConnectedEnds ends(spec.protocol);
  pid_t server_tid = 0;
  Result<EndResult> server;
  std::jthread thread([&] {
    server_tid = gettid();
    server = run_end<EchoServer>(ends.server.get(), spec);
  });
  const auto client = run_end<EchoClient>(ends.client.get(), spec);
  ASSERT_TRUE(client) << client.error().message;
  thread.join();
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->identity.role, Role::kClient);
  EXPECT_EQ(client->identity.tid, gettid());
  EXPECT_EQ(client->identity.fd, ends.client.get());
  EXPECT_EQ(server->identity.role, Role::kServer);
  EXPECT_EQ(server->identity.tid, server_tid);
  EXPECT_EQ(server->identity.fd, ends.server.get());
}

TEST(Echo, EndsWhenItsTimeIsUp) {
  WorkloadSpec spec = ShortRun{.count = 1'000'000'000}.spec();
  spec.duration = std::chrono::milliseconds{20};
  const auto [client, server] = run_both(spec);
  ASSERT_TRUE(client && server);
  EXPECT_EQ(client->rtt.sum(), client->end_ns - client->start_ns);
  EXPECT_GE(client->end_ns - client->start_ns, 20'000'000U);
  // It looks at the clock after every round trip: the last one alone may begin within the time and end after it.
  EXPECT_LE(client->end_ns - client->start_ns, 20'000'000U + client->rtt.max());
  EXPECT_EQ(server->round_trips, client->round_trips);
}

TEST(Echo, EndsAtItsCountThoughThereWouldBeTime) {
  WorkloadSpec spec = ShortRun{.count = 5}.spec();
  spec.duration = std::chrono::hours{1};
  const auto [client, server] = run_both(spec);
  ASSERT_TRUE(client && server);
  EXPECT_EQ(client->round_trips, 5U);
  EXPECT_EQ(server->round_trips, 5U);
}

TEST(Echo, WorksWithoutAWarmUp) {
  const auto [client, server] = run_both(ShortRun{.count = 2, .warm_up = 0}.spec());
  ASSERT_TRUE(client && server);
  EXPECT_EQ(client->round_trips, 2U);
  EXPECT_EQ(server->round_trips, 2U);
}

// 128 sequence numbers and then from the start again.
TEST(Echo, GoesOnWhenItsSequenceNumbersBeginAnew) {
  const auto [client, server] = run_both(ShortRun{.protocol = Protocol::kUdp, .count = 300}.spec());
  ASSERT_TRUE(client && server);
  EXPECT_EQ(client->round_trips, 300U);
  EXPECT_EQ(client->lost, 0U);
}

/// A server in a thread of its own, with a client that does what a test wants.
class LoneServer {
 public:
  explicit LoneServer(Protocol protocol) : ends_(protocol), thread_([this, protocol] { run(protocol); }) {}

  void say(std::span<const std::byte> part) const {
    EXPECT_EQ(write(ends_.client.get(), part.data(), part.size()), std::ssize(part));
  }
  void hang_up() const { shutdown(ends_.client.get(), SHUT_WR); }

  [[nodiscard]] const Result<EndResult>& result() {
    thread_.join();
    return result_;
  }

 private:
  void run(Protocol protocol) {
    result_ = run_end<EchoServer>(ends_.server.get(), ShortRun{.protocol = protocol, .size = 4}.spec());
  }

  ConnectedEnds ends_;
  Result<EndResult> result_;
  std::jthread thread_;
};

const std::vector kLastOfWarmUp{std::byte{0xff}, std::byte{1}, std::byte{2}, std::byte{3}};
const std::vector kMeasured{std::byte{0}, std::byte{1}, std::byte{2}, std::byte{3}};

TEST(EchoServer, CountsARequestThatComesInPiecesOnce) {
  LoneServer server(Protocol::kTcp);
  server.say(kLastOfWarmUp);
  const std::span<const std::byte> request(kMeasured);
  for (const auto part : {request.first(1), request.subspan(1, 2), request.last(1)}) {
    server.say(part);
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  server.hang_up();
  const auto& result = server.result();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 1U);
}

TEST(EchoServer, EndsWithAnEmptyDatagram) {
  LoneServer server(Protocol::kUdp);
  server.say(kLastOfWarmUp);
  server.say(kMeasured);
  server.say(kMeasured);
  server.say({});
  const auto& result = server.result();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->round_trips, 2U);
}

TEST(EchoServer, FailsWhenAStreamEndsDuringTheWarmUp) {
  LoneServer server(Protocol::kTcp);
  server.say(kMeasured);
  server.hang_up();
  const auto& result = server.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(result.error().message, "the client left during the warm-up");
}

TEST(EchoServer, FailsWhenAnEmptyDatagramComesDuringTheWarmUp) {
  LoneServer server(Protocol::kUdp);
  server.say({});
  const auto& result = server.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the client left during the warm-up");
}

TEST(EchoServer, FailsWhenItsClientIsGone) {
  ConnectedEnds ends(Protocol::kUdp);
  const std::vector<std::byte> request(64);
  ASSERT_EQ(write(ends.client.get(), request.data(), request.size()), 64);
  ends.client.reset();
  EchoServer server(ends.server.get(), ShortRun{.protocol = Protocol::kUdp}.spec());
  const auto result = server.measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(result.error().message, "cannot receive: Connection refused");
}

}  // namespace
}  // namespace sockscope

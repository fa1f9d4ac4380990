// The ping-pong through a proxy and without it: the three of them in threads.

#include "workloads/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/workloads/connected_ends.h"
#include "tests/workloads/workload_fixture.h"
#include "workloads/receive_timer.h"
#include "workloads/relay_proxy.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using ::testing::AnyOf;

constexpr std::array kStages{"client_to_proxy", "request_in_proxy",  "proxy_to_server", "in_server",
                             "server_to_proxy", "response_in_proxy", "proxy_to_client"};

WorkloadSpec spec_of(Protocol protocol, std::uint32_t size, std::uint64_t count) {
  return ShortRun{.protocol = protocol, .size = size, .count = count, .warm_up = 3}.spec();
}

/// Client, proxy and server, each connected to its neighbour, and the direct way beside them.
struct ThreeEnds {
  explicit ThreeEnds(WorkloadSpec of_all)
      : spec(std::move(of_all)), direct(spec.protocol), front(spec.protocol), back(spec.protocol) {}

  /// Runs all three to the end of the measured part.
  void run() {
    const std::jthread proxy([this] { proxied = RelayProxy(front.server.get(), back.client.get(), spec).run(); });
    const std::jthread server([this] {
      RelayServer end(direct.server.get(), back.server.get(), spec);
      if (auto warm = end.warm_up(); !warm) {
        served = std::unexpected(warm.error());
        return;
      }
      served = end.measure();
    });
    RelayClient end(direct.client.get(), front.client.get(), spec);
    const auto warm = end.warm_up();
    ASSERT_TRUE(warm) << warm.error().message;
    measured = end.measure();
  }

  WorkloadSpec spec;
  ConnectedEnds direct;
  ConnectedEnds front;
  ConnectedEnds back;
  Result<EndResult> measured;
  Result<EndResult> served;
  Result<> proxied;
};

class Relay : public testing::TestWithParam<ShortRun> {};

INSTANTIATE_TEST_SUITE_P(Sizes, Relay,
                         testing::Values(ShortRun{Protocol::kTcp, sizeof(RelayHeader)},
                                         ShortRun{Protocol::kUdp, sizeof(RelayHeader)}, ShortRun{Protocol::kTcp, 1400},
                                         ShortRun{Protocol::kUdp, 1400},
                                         ShortRun{Protocol::kTcp, WorkloadSpec::kMaxSize},
                                         ShortRun{Protocol::kUdp, WorkloadSpec::kMaxUdpSize}),
                         [](const auto& run) { return name_of(run.param); });

TEST_P(Relay, MeasuresEveryPairWithAllItsStages) {
  ThreeEnds ends(spec_of(GetParam().protocol, GetParam().size, 20));
  ends.run();
  ASSERT_TRUE(ends.measured) << ends.measured.error().message;
  ASSERT_TRUE(ends.served) << ends.served.error().message;
  EXPECT_TRUE(ends.proxied) << ends.proxied.error().message;
  const Measurements& measured = ends.measured->measured;
  EXPECT_EQ(measured.unit, "pair");
  EXPECT_EQ(measured.units, 20U);
  EXPECT_EQ(ends.measured->lost, 0U);
  EXPECT_EQ(ends.measured->round_trips, 40U);
  EXPECT_EQ(ends.served->round_trips, 40U);
  for (const char* name : {"direct", "relayed", "hop"}) EXPECT_EQ(measured.time(name)->count(), 20U) << name;
  for (const char* stage : kStages) EXPECT_EQ(measured.time(stage)->count(), 20U) << stage;
  EXPECT_EQ(measured.count("without_stages"), 0U);
}

TEST_P(Relay, HasStagesThatAddUpToTheRoundTripToTheNanosecond) {
  ThreeEnds ends(spec_of(GetParam().protocol, GetParam().size, 20));
  ends.run();
  ASSERT_TRUE(ends.measured) << ends.measured.error().message;
  std::uint64_t sum = 0;
  for (const char* stage : kStages) sum += ends.measured->measured.time(stage)->sum();
  EXPECT_EQ(sum, ends.measured->measured.time("relayed")->sum());
}

TEST_P(Relay, ReportsWhatTheHopAdds) {
  ThreeEnds ends(spec_of(GetParam().protocol, GetParam().size, 20));
  ends.run();
  ASSERT_TRUE(ends.measured) << ends.measured.error().message;
  const Measurements& measured = ends.measured->measured;
  // On a busy machine the direct round trips may be the longer ones, all together.
  const std::uint64_t direct_and_hop = measured.time("direct")->sum() + measured.time("hop")->sum();
  if (measured.count("relayed_faster") == 0) {
    EXPECT_EQ(direct_and_hop, measured.time("relayed")->sum());
  } else {
    EXPECT_GT(direct_and_hop, measured.time("relayed")->sum()) << "a pair counts as 0 where the proxy was faster";
  }
}

TEST(RelayProxy, StampsAMessageThatComesBitByBit) {
  const auto spec = spec_of(Protocol::kTcp, 64, 1);
  const ConnectedEnds front(Protocol::kTcp);
  const ConnectedEnds back(Protocol::kTcp);
  std::jthread proxy([&] { EXPECT_TRUE(RelayProxy(front.server.get(), back.client.get(), spec).run()); });
  std::vector<std::byte> message(spec.size, std::byte{7});
  RelayHeader{.sequence = 5}.put_into(message);
  for (const std::byte& byte : message) ASSERT_EQ(send(front.client.get(), &byte, 1, 0), 1);
  std::vector<std::byte> passed(spec.size);
  ASSERT_EQ(recv(back.server.get(), passed.data(), passed.size(), MSG_WAITALL), 64);
  const RelayHeader header = RelayHeader::of(passed);
  EXPECT_EQ(header.sequence, 5U);
  EXPECT_NE(header.stamps[0], 0U);
  EXPECT_LE(header.stamps[0], header.stamps[1]);
  EXPECT_EQ(header.stamps[2], 0U) << "no station of the proxy's";
  EXPECT_EQ(passed.back(), std::byte{7});
  shutdown(front.client.get(), SHUT_WR);
  EXPECT_EQ(recv(back.server.get(), passed.data(), passed.size(), 0), 0) << "the end is passed on";
  shutdown(back.server.get(), SHUT_WR);
  proxy.join();
  EXPECT_EQ(recv(front.client.get(), passed.data(), passed.size(), 0), 0) << "and the other one";
}

TEST(RelayProxy, SaysThatItsServerIsGone) {
  const auto spec = spec_of(Protocol::kUdp, 64, 1);
  const ConnectedEnds front(Protocol::kUdp);
  ConnectedEnds back(Protocol::kUdp);
  back.server.reset();
  const std::vector<std::byte> message(spec.size);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(send(front.client.get(), message.data(), message.size(), 0), 64);
  const auto ran = RelayProxy(front.server.get(), back.client.get(), spec).run();
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().message,
              AnyOf("the proxy cannot receive: Connection refused", "cannot send: Connection refused"));
}

/// Echoes what comes, but for one message, counted from 0; no stamps.
void echo_but_one(int socket, int lost) {
  std::vector<std::byte> message(64);
  for (int i = 0;; ++i) {
    ssize_t got = -1;
    while ((got = recv(socket, message.data(), message.size(), 0)) < 0 && errno == EINTR) {
    }
    if (got <= 0) return;
    if (i == lost) continue;
    EXPECT_EQ(send(socket, message.data(), message.size(), MSG_NOSIGNAL), std::ssize(message));
  }
}

TEST(RelayLoss, IsCountedAndThePairsAfterItAreMeasured) {
  const auto spec = spec_of(Protocol::kUdp, 64, 6);
  const ConnectedEnds direct(Protocol::kUdp);
  const ConnectedEnds relayed(Protocol::kUdp);
  const std::jthread server([&] { echo_but_one(direct.server.get(), -1); });
  const std::jthread proxy([&] { echo_but_one(relayed.server.get(), 2); });
  const auto timer = ReceiveTimer::start(milliseconds{100});
  ASSERT_TRUE(timer);
  RelayClient client(direct.client.get(), relayed.client.get(), spec);
  const auto measured = client.measure();
  ASSERT_TRUE(measured) << measured.error().message;
  EXPECT_EQ(measured->lost, 1U);
  EXPECT_EQ(measured->measured.units, 5U);
  EXPECT_EQ(measured->measured.count("without_stages"), 5U) << "this proxy stamps nothing";
  EXPECT_EQ(measured->measured.time("in_server")->count(), 0U);
}

class RelayInProcesses : public EndsInProcesses {
 protected:
  static WorkloadSpec spec(std::uint64_t count = 200) { return spec_of(WorkloadKind::kRelay, count); }

  /// The proxy is the server's only other thread.
  static pid_t proxy_of(const Workload& workload) { return workload.tids().back(); }

  /// What a run that one of them leaves ends with.
  static std::string end_of_a_run_without(pid_t (*victim)(const Workload&)) {
    WorkloadSpec endless = spec(1'000'000'000);
    endless.receive_timeout = milliseconds{50};
    std::optional<Workload> workload(warm(endless));
    const auto tids = workload->tids();
    const std::jthread killer([pid = victim(*workload)] {
      std::this_thread::sleep_for(milliseconds{20});
      ::kill(pid, SIGKILL);
    });
    const auto results = workload->measure(kPatient);
    workload.reset();
    for (const pid_t tid : tids) EXPECT_TRUE(ends_soon(tid));
    return results ? "nothing" : results.error().message;
  }
};

INSTANTIATE_TEST_SUITE_P(Paths, RelayInProcesses, testing::ValuesIn(kPaths),
                         [](const auto& path) { return name_of_test(path.param); });

TEST_P(RelayInProcesses, MeasuresExactlyThePairsAskedFor) {
  Workload workload = warm(spec());
  ASSERT_EQ(workload.tids().size(), 3U) << "client, server and proxy";
  const auto results = workload.measure(kPatient);
  ASSERT_TRUE(results) << results.error().message;
  EXPECT_EQ(results->client.lost, 0U);
  EXPECT_EQ(results->client.measured.units, 200U);
  EXPECT_EQ(results->client.measured.time("direct")->count(), 200U);
  EXPECT_EQ(results->client.measured.time("relayed")->count(), 200U);
  EXPECT_EQ(results->client.measured.count("without_stages"), 0U);
  EXPECT_EQ(results->server.round_trips, 400U);
  EXPECT_GT(results->client.measured.time("relayed")->quantile(0.5),
            results->client.measured.time("direct")->quantile(0.5));
  const pid_t proxy = proxy_of(workload);
  ASSERT_TRUE(workload.finish(kPatient));
  EXPECT_FALSE(exists(proxy));
}

// Over UDP the server may be the first to notice, and leaves: then it is who refuses.
TEST_P(RelayInProcesses, FailsWhenItsProxyIsKilled) {
  EXPECT_THAT(
      end_of_a_run_without(proxy_of),
      AnyOf("the client failed: the proxy closed the connection",
            "the client failed: cannot receive from the proxy: Connection reset by peer",
            "the client failed: cannot receive from the proxy: Connection refused",
            "the client failed: cannot receive from the server: Connection refused",
            "the client failed: cannot send: Connection refused",
            "the client failed: cannot send: Connection reset by peer", "the client failed: cannot send: Broken pipe"));
}

TEST_P(RelayInProcesses, FailsWhenItsServerIsKilled) {
  EXPECT_THAT(
      end_of_a_run_without([](const Workload& workload) { return workload.server().identity().tid; }),
      AnyOf("the client failed: the server closed the connection", "the client failed: the proxy closed the connection",
            "the client failed: cannot receive from the server: Connection reset by peer",
            "the client failed: cannot receive from the server: Connection refused",
            "the client failed: cannot receive from the proxy: Connection reset by peer",
            "the client failed: cannot receive from the proxy: Connection refused",
            "the client failed: cannot send: Connection refused",
            "the client failed: cannot send: Connection reset by peer", "the client failed: cannot send: Broken pipe"));
}

TEST_P(RelayInProcesses, LeavesNothingBehindWhenItsClientIsKilled) {
  EXPECT_EQ(end_of_a_run_without([](const Workload& workload) { return workload.client().identity().tid; }),
            "the relay-client process ended unexpectedly");
}

}  // namespace
}  // namespace sockscope

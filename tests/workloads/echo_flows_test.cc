#include "workloads/echo_flows.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <semaphore>
#include <thread>
#include <vector>

#include "base/cpu_list.h"
#include "tests/workloads/both_ends.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/descriptor_limit.h"

namespace sockscope {
namespace {

struct FlowsRun {
  Protocol protocol = Protocol::kTcp;
  PollMode poll = PollMode::kPoll;
  std::uint32_t size = 64;
};

WorkloadSpec spec_of(const FlowsRun& run, std::uint64_t count = 200) {
  WorkloadSpec spec = ShortRun{.protocol = run.protocol, .size = run.size, .count = count, .warm_up = 10}.spec();
  spec.poll = run.poll;
  return spec;
}

struct FlowsResults {
  Result<EndResult> client;
  Result<EndResult> server;
};

/// Both ends with so many flows, a thread each.
FlowsResults run_flows(const WorkloadSpec& spec, std::size_t flows) {
  std::vector<ConnectedEnds> pairs;
  std::vector<int> clients;
  std::vector<int> servers;
  for (std::size_t i = 0; i < flows; ++i) {
    const auto& pair = pairs.emplace_back(spec.protocol);
    clients.push_back(pair.client.get());
    servers.push_back(pair.server.get());
  }
  FlowsResults results;
  {
    std::binary_semaphore is_warm(0);
    const std::jthread thread([&]() {
      results.server = [&]() -> Result<EndResult> {
        auto server = EchoFlowsServer::make(spec, servers);
        if (!server) return pass_on(server);
        auto warm = server->warm_up();
        is_warm.release();
        if (!warm) return pass_on(warm);
        return server->measure();
      }();
    });
    results.client = [&]() -> Result<EndResult> {
      auto client = EchoFlowsClient::make(spec, clients);
      if (!client) return pass_on(client);
      if (auto warm = client->warm_up(spec.warm_up); !warm) return pass_on(warm);
      wait_until_heard(is_warm, spec, *client, Phase::kWarmUp);
      return client->measure(spec.count);
    }();
    if (!results.client) {
      for (const int server : servers) shutdown(server, SHUT_RDWR);
    }
  }
  return results;
}

class EchoFlowsBy : public testing::TestWithParam<FlowsRun> {};

INSTANTIATE_TEST_SUITE_P(
    Ways, EchoFlowsBy,
    testing::Values(FlowsRun{Protocol::kTcp, PollMode::kPoll}, FlowsRun{Protocol::kTcp, PollMode::kEpoll},
                    FlowsRun{Protocol::kTcp, PollMode::kBusy},
                    FlowsRun{Protocol::kTcp, PollMode::kEpoll, WorkloadSpec::kMaxSize},
                    FlowsRun{Protocol::kUdp, PollMode::kPoll}, FlowsRun{Protocol::kUdp, PollMode::kEpoll},
                    FlowsRun{Protocol::kUdp, PollMode::kBusy}, FlowsRun{Protocol::kUdp, PollMode::kPoll, 1}));

TEST_P(EchoFlowsBy, CountEveryRoundTripOnceAndNoneOfTheWarmUp) {
  const auto [client, server] = run_flows(spec_of(GetParam()), 7);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->round_trips, 200U);
  EXPECT_EQ(client->rtt.count(), 200U);
  EXPECT_EQ(client->lost, 0U);
  EXPECT_EQ(server->round_trips, 200U);
}

TEST(EchoFlows, OfOneThreadThatBlocksHaveOneFlow) {
  const auto [client, server] = run_flows(spec_of({Protocol::kTcp, PollMode::kBlock}), 1);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_EQ(client->rtt.count(), 200U);
  EXPECT_EQ(server->round_trips, 200U);
}

TEST(EchoFlows, EndWhenTheirTimeIsUp) {
  WorkloadSpec spec = spec_of({Protocol::kTcp, PollMode::kEpoll}, 1'000'000'000);
  spec.duration = std::chrono::milliseconds{20};
  const auto [client, server] = run_flows(spec, 3);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_GE(client->end_ns - client->start_ns, 20'000'000U);
  EXPECT_EQ(server->round_trips, client->rtt.count());
}

TEST(EchoFlows, WithFewerRoundTripsThanFlowsEndAllTheSame) {
  const auto [client, server] = run_flows(spec_of({Protocol::kUdp, PollMode::kPoll}, 3), 7);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_EQ(client->rtt.count(), 3U);
  EXPECT_EQ(server->round_trips, 3U);
}

// A server that stays silent: each request is given up after its time-out, and the run ends.
TEST(EchoFlows, OverUdpWithoutAnAnswerDoNotHang) {
  WorkloadSpec spec = spec_of({Protocol::kUdp, PollMode::kEpoll}, 6);
  spec.receive_timeout = std::chrono::milliseconds{20};
  const ConnectedEnds one(Protocol::kUdp);
  const ConnectedEnds other(Protocol::kUdp);
  auto client = EchoFlowsClient::make(spec, {one.client.get(), other.client.get()});
  ASSERT_TRUE(client) << client.error().message;
  const auto result = client->measure(6);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->lost, 6U);
  EXPECT_EQ(result->rtt.count(), 0U);
}

TEST(EchoFlows, SayThatTheirServerLeft) {
  const ConnectedEnds ends(Protocol::kTcp);
  auto client = EchoFlowsClient::make(spec_of({Protocol::kTcp, PollMode::kPoll}), {ends.client.get()});
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_EQ(shutdown(ends.server.get(), SHUT_WR), 0);
  const auto result = client->measure(10);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the server closed the connection");
}

/// Puts the limit of descriptors back.
class DescriptorLimit : public testing::Test {
 protected:
  void SetUp() override { getrlimit(RLIMIT_NOFILE, &before); }
  void TearDown() override { setrlimit(RLIMIT_NOFILE, &before); }

  rlimit before{};
};

TEST_F(DescriptorLimit, IsRaisedToWhatSocketsNeed) {
  const rlimit low{.rlim_cur = 64, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  ASSERT_TRUE(allow_sockets(200));
  rlimit now{};
  getrlimit(RLIMIT_NOFILE, &now);
  EXPECT_EQ(now.rlim_cur, 264U);
  ASSERT_TRUE(allow_sockets(10));
  getrlimit(RLIMIT_NOFILE, &now);
  EXPECT_EQ(now.rlim_cur, 264U) << "never lowered";
}

// Beyond what the kernel allows anybody (fs.nr_open).
TEST_F(DescriptorLimit, ThatCannotBeRaisedIsNamedWithTheFix) {
  const auto allowed = allow_sockets(std::uint64_t{1} << 40);
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(allowed.error().message,
            fmt::format("1099511627776 sockets need 1099511627840 descriptors and this process may have {}: ulimit -n "
                        "1099511627840 as root, or fewer of them",
                        before.rlim_max));
}

}  // namespace
}  // namespace sockscope

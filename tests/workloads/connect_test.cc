#include "workloads/connect.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "tests/workloads/both_ends.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 20) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .count = count, .warm_up = 3}.spec();
  spec.kind = WorkloadKind::kConnect;
  return spec;
}

BothResults run_connect(const WorkloadSpec& spec) {
  BothResults results;
  auto bound = bind_server(spec.protocol, 0, spec.socket);
  if (!bound) return {pass_on(bound), EndResult{}};
  const auto address = Address::local_of(bound->get());
  {
    const std::jthread thread([&] {
      ConnectServer server(bound->get(), spec);
      results.server = run_end(server);
    });
    ConnectClient client(*address, spec);
    results.client = run_end(client);
    if (!results.client) shutdown(bound->get(), SHUT_RDWR);
  }
  return results;
}

class Connect : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Connect, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Connect, MakesAConnectionForEveryRequest) {
  const auto [client, server] = run_connect(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.unit, "connection");
  EXPECT_EQ(client->measured.units, 20U);
  EXPECT_EQ(client->rtt.count(), 20U);
  EXPECT_EQ(client->measured.time("connect")->count(), 20U);
  EXPECT_EQ(client->measured.time("connection")->count(), 20U);
  EXPECT_EQ(server->round_trips, 20U);
  EXPECT_GE(client->measured.time("connection")->sum(), client->rtt.sum() + client->measured.time("connect")->sum());
}

TEST(ConnectOverTcp, LeavesItsOwnSocketsInTimeWait) {
  const auto [client, server] = run_connect(spec_of(Protocol::kTcp));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_EQ(client->measured.count("time_wait_left"), 20U);
}

TEST(ConnectOverUdp, HasNoTimeWait) {
  const auto [client, server] = run_connect(spec_of(Protocol::kUdp));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_FALSE(client->measured.has_count("time_wait_left"));
}

TEST(ConnectOverTcp, SaysThatItsPortIsClosed) {
  const auto address = Address::local_of(bind_server(Protocol::kTcp, 0)->get());
  ConnectClient client(*address, spec_of(Protocol::kTcp));
  const auto result = client.measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(result.error().message,
            fmt::format("cannot connect to tcp port {} on 127.0.0.1: Connection refused", address->port()));
}

TEST(ConnectOverUdp, SaysThatItsPortIsClosed) {
  const auto address = Address::local_of(bind_server(Protocol::kUdp, 0)->get());
  ConnectClient client(*address, spec_of(Protocol::kUdp));
  const auto result = client.measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "cannot receive: Connection refused");
}

}  // namespace
}  // namespace sockscope

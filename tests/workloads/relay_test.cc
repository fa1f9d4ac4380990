#include "workloads/relay.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "tests/workloads/both_ends.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 30) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .count = count, .warm_up = 3}.spec();
  spec.kind = WorkloadKind::kRelay;
  return spec;
}

class Relay : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Relay, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Relay, PassesEveryMessageBothWaysAndMeasuresNoneOfTheWarmUp) {
  const WorkloadSpec spec = spec_of(GetParam());
  const ConnectedEnds direct(GetParam());
  const ConnectedEnds in_front(GetParam());
  const ConnectedEnds behind(GetParam());
  Proxy proxy(in_front.server.get(), behind.client.get(), spec);
  Result<> ran;
  Result<EndResult> client_result;
  Result<EndResult> behind_result;
  {
    const std::jthread relaying([&] { ran = proxy.run(); });
    const std::jthread direct_thread([&] {
      EchoServer server(direct.server.get(), spec);
      (void)run_end(server);
    });
    const std::jthread behind_thread([&] {
      EchoServer server(behind.server.get(), spec);
      behind_result = run_end(server);
      shutdown(behind.server.get(), SHUT_WR);
    });
    RelayClient client(direct.client.get(), in_front.client.get(), spec);
    client_result = run_end(client);
    for (const ConnectedEnds* const ends : {&direct, &in_front, &behind}) {
      if (!client_result) shutdown(ends->server.get(), SHUT_RDWR);
    }
  }
  ASSERT_TRUE(client_result) << client_result.error().message;
  ASSERT_TRUE(ran) << ran.error().message;
  EXPECT_EQ(client_result->measured.time("direct")->count(), 30U);
  EXPECT_EQ(client_result->measured.time("relayed")->count(), 30U);
  EXPECT_EQ(client_result->measured.units, 60U);
  EXPECT_EQ(behind_result->round_trips, 30U);
  EXPECT_EQ(std::move(proxy).result().measured.time("proxy")->count(), 60U) << "each way";
}

// What a proxy passes on is what came, to the byte, and the end of it.
TEST(Proxy, PassesBytesAndTheEndOn) {
  const ConnectedEnds in_front(Protocol::kTcp);
  const ConnectedEnds behind(Protocol::kTcp);
  Proxy proxy(in_front.server.get(), behind.client.get(), spec_of(Protocol::kTcp));
  Result<> ran;
  std::jthread relaying([&] { ran = proxy.run(); });
  ASSERT_EQ(write(in_front.client.get(), "hello", 5), 5);
  ASSERT_EQ(shutdown(in_front.client.get(), SHUT_WR), 0);
  std::array<char, 64> came{};
  ASSERT_EQ(recv(behind.server.get(), came.data(), came.size(), MSG_WAITALL), 5);
  EXPECT_EQ(std::string(came.data()), "hello");
  ASSERT_EQ(write(behind.server.get(), "bye", 3), 3);
  ASSERT_EQ(shutdown(behind.server.get(), SHUT_WR), 0);
  came = {};
  ASSERT_EQ(recv(in_front.client.get(), came.data(), came.size(), MSG_WAITALL), 3);
  EXPECT_EQ(std::string(came.data()), "bye");
  relaying.join();
  EXPECT_TRUE(ran) << ran.error().message;
}

TEST(Proxy, SaysThatItsServerIsGone) {
  const ConnectedEnds in_front(Protocol::kTcp);
  ConnectedEnds behind(Protocol::kUdp);
  behind.server.reset();
  Proxy proxy(in_front.server.get(), behind.client.get(), spec_of(Protocol::kUdp));
  ASSERT_EQ(write(in_front.client.get(), "x", 1), 1);
  std::jthread again([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    (void)!write(in_front.client.get(), "x", 1);
  });
  const auto ran = proxy.run();
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().kind, ErrorKind::kEnvironment);
  EXPECT_TRUE(ran.error().message.ends_with("Connection refused")) << ran.error().message;
}

}  // namespace
}  // namespace sockscope

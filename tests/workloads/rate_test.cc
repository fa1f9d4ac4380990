#include "workloads/rate.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "tests/workloads/both_ends.h"
#include "workloads/echo.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 100) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .count = count, .warm_up = 3}.spec();
  spec.kind = WorkloadKind::kRate;
  spec.rate = 2'000;
  return spec;
}

class Rate : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Rate, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Rate, SendsAndCountsEveryRequest) {
  const auto [client, server] = run_both_ends<RateClient, EchoServer>(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.count("sent"), 100U);
  EXPECT_EQ(client->rtt.count(), 100U);
  EXPECT_EQ(client->lost, 0U);
  EXPECT_EQ(server->round_trips, 100U);
  // 99 intervals of 500 us lie between the first and the last.
  EXPECT_GE(client->end_ns - client->start_ns, 99U * 500'000U);
}

TEST_P(Rate, CountsLatencyFromTheIntendedTime) {
  const auto [client, server] = run_both_ends<RateClient, EchoServer>(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  // Each round trip is what the closed loop would call latency, and how late it was sent.
  EXPECT_EQ(client->rtt.sum(),
            client->measured.time("service_time")->sum() + client->measured.time("send_lateness")->sum());
}

/// An echo that answers nothing for a while in the middle of the run.
void echo_with_a_stall(int socket, std::size_t size, int stall_after, std::chrono::milliseconds stall) {
  std::vector<std::byte> message(size);
  for (int echoed = 0;; ++echoed) {
    std::size_t received = 0;
    while (received < size) {
      const ssize_t got = recv(socket, message.data() + received, size - received, 0);
      if (got <= 0) return;
      received += static_cast<std::size_t>(got);
    }
    if (echoed == stall_after) std::this_thread::sleep_for(stall);
    if (send(socket, message.data(), size, MSG_NOSIGNAL) != std::ssize(message)) return;
  }
}

// A stall of 50 ms at 2,000 a second delays 100 requests, not one: a closed loop would have sent one in that time.
TEST(RateOverTcp, ShowsAStallInEveryRequestThatItDelays) {
  const WorkloadSpec spec = spec_of(Protocol::kTcp, 300);
  const ConnectedEnds ends(Protocol::kTcp);
  Result<EndResult> result;
  {
    const std::jthread server(
        [&] { echo_with_a_stall(ends.server.get(), spec.size, 50, std::chrono::milliseconds{50}); });
    RateClient client(ends.client.get(), spec);
    result = run_end(client);
    shutdown(ends.server.get(), SHUT_RDWR);
  }
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->rtt.count(), 300U);
  std::uint64_t delayed = 0;
  for (const auto& [bucket, count] : result->rtt.filled_buckets()) {
    if (Histogram::lowest_value_of(bucket) >= 5'000'000) delayed += count;
  }
  EXPECT_GE(delayed, 85U);
}

/// An echo that loses every fourth datagram of those after the warm-up.
void echo_with_losses(int socket, std::size_t size) {
  std::vector<std::byte> message(size);
  bool is_warm = false;
  for (int number = 0;;) {
    const ssize_t got = recv(socket, message.data(), size, 0);
    if (got <= 0) return;
    if (is_warm && number++ % 4 == 3) continue;
    is_warm = is_warm || message[0] == kEndOfWarmUp;
    if (send(socket, message.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) < 0) return;
  }
}

TEST(RateOverUdp, CountsWhatIsLostAndDoesNotHang) {
  WorkloadSpec spec = spec_of(Protocol::kUdp);
  spec.receive_timeout = std::chrono::milliseconds{100};
  const ConnectedEnds ends(Protocol::kUdp);
  Result<EndResult> result;
  {
    const std::jthread server([&] { echo_with_losses(ends.server.get(), spec.size); });
    RateClient client(ends.client.get(), spec);
    result = run_end(client);
    shutdown(ends.server.get(), SHUT_RDWR);
  }
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("sent"), 100U);
  EXPECT_EQ(result->rtt.count(), 75U);
  EXPECT_EQ(result->lost, 25U);
}

TEST(RateOverTcp, SaysThatItsServerLeft) {
  ConnectedEnds ends(Protocol::kTcp);
  ends.server.reset();
  const auto result = RateClient(ends.client.get(), spec_of(Protocol::kTcp)).measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
}

}  // namespace
}  // namespace sockscope

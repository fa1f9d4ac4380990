#include "workloads/message.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "base/monotonic_clock.h"
#include "tests/workloads/both_ends.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 50) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .count = count, .warm_up = 5}.spec();
  spec.kind = WorkloadKind::kMessage;
  spec.rate = 5'000;
  return spec;
}

class Message : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, Message, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(Message, CountsEveryMessageAtBothEndsAndNoneOfTheWarmUp) {
  const auto [client, server] = run_both_ends<MessageClient, MessageServer>(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.unit, "message");
  EXPECT_EQ(client->measured.units, 50U);
  EXPECT_EQ(client->measured.count("sent"), 50U);
  EXPECT_EQ(client->rtt.count(), 0U);
  EXPECT_EQ(server->measured.count("received"), 50U);
  EXPECT_EQ(server->measured.count("lost"), 0U);
  EXPECT_EQ(server->measured.time("one_way")->count(), 50U);
  EXPECT_EQ(client->measured.time("send_lateness")->count(), 50U);
}

// 50 messages at 5,000 a second: the last one is due after 49 intervals of 200 us.
TEST_P(Message, SendsEachAtItsTime) {
  const auto [client, server] = run_both_ends<MessageClient, MessageServer>(spec_of(GetParam()));
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_GE(client->end_ns - client->start_ns, 49U * 200'000U);
}

TEST_P(Message, EndsWhenItsTimeIsUp) {
  WorkloadSpec spec = spec_of(GetParam(), 1'000'000);
  spec.duration = std::chrono::milliseconds{20};
  const auto [client, server] = run_both_ends<MessageClient, MessageServer>(spec);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.count("sent"), 100U) << "those whose time was within it";
  EXPECT_EQ(server->measured.count("received"), 100U);
}

// One segment and one acknowledgement a message, if each finds its peer waiting; a busy machine bunches messages, and
// then fewer of either will do. The end of the stream is acknowledged as well.
TEST(MessageOverTcp, IsOneSegmentAndOneAcknowledgementAtMost) {
  const auto [client, server] = run_both_ends<MessageClient, MessageServer>(spec_of(Protocol::kTcp));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_LE(client->measured.count("data_segments"), 50U);
  EXPECT_GE(client->measured.count("data_segments"), 10U);
  EXPECT_LE(server->measured.count("acks"), 51U);
  EXPECT_GE(server->measured.count("acks"), 1U);
}

/// A sender of what a test wants, and what the server makes of it.
Result<EndResult> served(const std::vector<std::uint64_t>& numbers, std::uint64_t sent) {
  const ConnectedEnds ends(Protocol::kUdp);
  const WorkloadSpec spec = spec_of(Protocol::kUdp);
  Result<EndResult> result;
  std::jthread thread([&] {
    MessageServer server(ends.server.get(), spec);
    result = server.measure();
  });
  std::vector<std::byte> message(spec.size);
  for (const std::uint64_t number : numbers) {
    MessageHeader{.number = number, .sent_ns = monotonic_now_ns()}.write_to(message);
    EXPECT_EQ(write(ends.client.get(), message.data(), message.size()), std::ssize(message));
  }
  EXPECT_TRUE(send_marker(ends.client.get(), {.phase = Phase::kMeasured, .sent = sent}));
  thread.join();
  return result;
}

TEST(MessageServer, KnowsWhatWasLostReorderedAndDuplicated) {
  const auto result = served({0, 1, 1, 4, 3, 6}, 8);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("received"), 5U);
  EXPECT_EQ(result->measured.count("lost"), 3U);
  EXPECT_EQ(result->measured.count("reordered"), 1U);
  EXPECT_EQ(result->measured.count("duplicated"), 1U);
  EXPECT_EQ(result->measured.count("dropped_by_the_socket"), 0U);
}

TEST(MessageServer, OfNothingThatCameEndsAllTheSame) {
  const auto result = served({}, 8);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("received"), 0U);
  EXPECT_EQ(result->measured.count("lost"), 8U);
}

TEST(MessageServer, SaysThatItsClientLeftDuringTheWarmUp) {
  ConnectedEnds ends(Protocol::kTcp);
  ends.client.reset();
  MessageServer server(ends.server.get(), spec_of(Protocol::kTcp));
  const auto warm = server.warm_up();
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().message, "the client left during the warm-up");
}

TEST(MessageClient, SaysThatItsServerIsGone) {
  ConnectedEnds ends(Protocol::kUdp);
  ends.server.reset();
  MessageClient client(ends.client.get(), spec_of(Protocol::kUdp));
  const auto result = client.measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "cannot send: Connection refused");
}

}  // namespace
}  // namespace sockscope

#include "workloads/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <semaphore>
#include <string>
#include <thread>

#include "tests/workloads/both_ends.h"

namespace sockscope {
namespace {

WorkloadSpec spec_of(Protocol protocol, std::uint64_t count = 500) {
  WorkloadSpec spec = ShortRun{.protocol = protocol, .size = 1'000, .count = count, .warm_up = 5}.spec();
  spec.kind = WorkloadKind::kStream;
  return spec;
}

TEST(StreamOverTcp, BringsEveryByte) {
  const auto [client, server] = run_both_ends<StreamClient, StreamServer>(spec_of(Protocol::kTcp));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.count("sent"), 500U);
  EXPECT_EQ(client->measured.count("bytes_sent"), 500'000U);
  EXPECT_EQ(server->measured.count("bytes_received"), 500'000U);
  EXPECT_EQ(server->measured.count("received"), 500U);
  EXPECT_EQ(server->measured.time("transfer")->count(), 1U);
  EXPECT_LE(server->measured.time("transfer")->max(), server->end_ns - server->start_ns);
  EXPECT_LE(client->measured.count("data_segments"), 500U) << "segments coalesce, unless the receiver is always faster";
}

// Whatever is lost, sent = received + dropped by this socket, and the phase ends.
TEST(StreamOverUdp, LosesWhatItsSocketDropsAndNothingElse) {
  const auto [client, server] = run_both_ends<StreamClient, StreamServer>(spec_of(Protocol::kUdp, 20'000));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.count("sent"), 20'000U);
  EXPECT_EQ(server->measured.count("received") + server->measured.count("lost"), 20'000U);
  EXPECT_EQ(server->measured.count("lost") + client->measured.count("markers_sent"),
            server->measured.count("dropped_by_the_socket") + server->measured.count("markers_received"));
  EXPECT_EQ(server->measured.count("duplicated"), 0U);
  EXPECT_EQ(server->measured.count("bytes_received"), server->measured.count("received") * 1'000U);
}

// A receiver that does not read at all until everything was sent: its buffer is full, and the sender is not held up.
TEST(StreamOverUdp, IntoAFullBufferNeitherHangsNorLies) {
  const ConnectedEnds ends(Protocol::kUdp);
  const int small = 20'000;
  ASSERT_EQ(setsockopt(ends.server.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  const WorkloadSpec spec = spec_of(Protocol::kUdp, 200);
  StreamServer server(ends.server.get(), spec);
  const KernelCounts before(ends.server.get(), spec);
  std::vector<std::byte> message(spec.size);
  for (std::uint64_t i = 0; i < 200; ++i) {
    MessageHeader{.number = i}.write_to(message);
    ASSERT_EQ(write(ends.client.get(), message.data(), message.size()), 1'000);
  }
  Measurements kernel;
  before.add_of_receiver(kernel);
  const std::uint64_t dropped = kernel.count("dropped_by_the_socket");
  EXPECT_GT(dropped, 100U);
  PhaseTeller teller(ends.client.get(), spec);
  teller.set_sent(200);
  Result<EndResult> result;
  std::binary_semaphore heard(0);
  const std::jthread serving([&] {
    result = server.measure();
    heard.release();
  });
  wait_until_heard(heard, spec, teller, Phase::kMeasured);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->measured.count("received"), 200U - dropped);
  EXPECT_EQ(result->measured.count("lost"), dropped);
}

// The markers that end the phase find the buffer full as well, some of them.
TEST(StreamOverUdp, KeepsItsLawWithMarkersThatAreDropped) {
  const ConnectedEnds ends(Protocol::kUdp);
  const int small = 20'000;
  ASSERT_EQ(setsockopt(ends.server.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  const WorkloadSpec spec = spec_of(Protocol::kUdp, 200);
  StreamServer server(ends.server.get(), spec);
  StreamClient client(ends.client.get(), spec);
  auto sent = client.measure();
  ASSERT_TRUE(sent) << sent.error().message;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(client.tell_over(Phase::kMeasured));
  Result<EndResult> received;
  std::binary_semaphore heard(0);
  std::jthread serving([&] {
    received = server.measure();
    heard.release();
  });
  wait_until_heard(heard, spec, client, Phase::kMeasured);
  serving.join();
  ASSERT_TRUE(received) << received.error().message;
  client.complete(*sent);
  server.complete(*received);
  EXPECT_EQ(received->measured.count("received") + received->measured.count("lost"), 200U);
  EXPECT_GE(sent->measured.count("markers_sent"), 201U);
  EXPECT_LT(received->measured.count("markers_received"), sent->measured.count("markers_sent"));
  EXPECT_EQ(received->measured.count("received") + received->measured.count("markers_received") +
                received->measured.count("dropped_by_the_socket"),
            200U + sent->measured.count("markers_sent"));
}

TEST(StreamOverTcp, EndsWhenItsTimeIsUp) {
  WorkloadSpec spec = spec_of(Protocol::kTcp, 1'000'000'000);
  spec.duration = std::chrono::milliseconds{20};
  const auto [client, server] = run_both_ends<StreamClient, StreamServer>(spec);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_GE(client->end_ns - client->start_ns, 20'000'000U);
  EXPECT_EQ(server->measured.count("bytes_received"), client->measured.count("bytes_sent"));
}

/// A file of 123,457 bytes: no multiple of anything.
class StreamOfAFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string content;
    while (content.size() < 123'457) content += static_cast<char>(content.size() * 7 % 251);
    std::ofstream(path, std::ios::binary) << content;
  }
  void TearDown() override { unlink(path.c_str()); }

  const std::string path = testing::TempDir() + "sockscope-stream-" + std::to_string(getpid());
};

TEST_F(StreamOfAFile, BringsAllOfIt) {
  WorkloadSpec spec = spec_of(Protocol::kTcp);
  spec.file = path;
  const auto [client, server] = run_both_ends<StreamClient, StreamServer>(spec);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(client->measured.count("bytes_sent"), 123'457U);
  EXPECT_EQ(server->measured.count("bytes_received"), 123'457U);
  EXPECT_EQ(client->measured.count("sent"), 124U);
}

TEST_F(StreamOfAFile, IsNumberedOverUdp) {
  WorkloadSpec spec = spec_of(Protocol::kUdp);
  spec.file = path;
  const auto [client, server] = run_both_ends<StreamClient, StreamServer>(spec);
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_TRUE(server) << server.error().message;
  // 984 bytes of the file in each datagram of 1,000.
  EXPECT_EQ(client->measured.count("sent"), 126U);
  EXPECT_EQ(client->measured.count("bytes_sent"), 123'457U + 126U * 16U);
  EXPECT_EQ(server->measured.count("received") + server->measured.count("lost"), 126U);
}

TEST(StreamClient, SaysThatItsFileIsGone) {
  const ConnectedEnds ends(Protocol::kTcp);
  WorkloadSpec spec = spec_of(Protocol::kTcp);
  spec.file = "/nonexistent/file";
  const auto result = StreamClient(ends.client.get(), spec).measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "cannot read /nonexistent/file: No such file or directory");
}

TEST(StreamClient, SaysThatItsServerIsGone) {
  ConnectedEnds ends(Protocol::kTcp);
  ends.server.reset();
  const auto result = StreamClient(ends.client.get(), spec_of(Protocol::kTcp, 1'000'000)).measure();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kEnvironment);
  EXPECT_TRUE(result.error().message.starts_with("cannot send: ")) << result.error().message;
}

}  // namespace
}  // namespace sockscope

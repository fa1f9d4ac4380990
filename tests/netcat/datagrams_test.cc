#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/netcat/plain_peer.h"
#include "tests/netcat/programs.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using testing::Command;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kOpenBsd;
using testing::kOurs;
using testing::PlainReceiver;
using testing::same_as_openbsd;
using testing::Seen;
using testing::seen;
using testing::with_each;

constexpr milliseconds kAWhile{100};

class Datagrams : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT(kOpenBsd); }
};

TEST_F(Datagrams, ALineThatIsTypedIsOne) {
  with_each([](const std::string& nc) {
    PlainReceiver receiver;
    const Command client(fmt::format(
        "(echo one; sleep 0.2; echo two; sleep 0.2; printf three; sleep 1) | {} -u 127.0.0.1 {}", nc, receiver.port()));
    for (const char* line : {"one\n", "two\n", "three"}) EXPECT_EQ(receiver.receive(), line) << nc;
    EXPECT_THAT(receiver.receive_all(kAWhile), IsEmpty()) << nc;
  });
}

TEST_F(Datagrams, BulkInputIsCutAt16384Bytes) {
  const testing::Scratch scratch;
  const std::string bytes = testing::pattern(100'000);
  testing::write_file(scratch / "bulk", bytes);
  with_each([&](const std::string& nc) {
    PlainReceiver receiver;
    const Command client(fmt::format("{} -u -q 0 127.0.0.1 {} <{}", nc, receiver.port(), (scratch / "bulk").string()));
    std::vector<std::size_t> sizes;
    std::string all;
    for (const auto& datagram : receiver.receive_all(milliseconds{300})) {
      sizes.push_back(datagram.size());
      all += datagram;
    }
    EXPECT_THAT(sizes, ElementsAre(16'384, 16'384, 16'384, 16'384, 16'384, 16'384, 1'696)) << nc;
    EXPECT_TRUE(all == bytes) << nc;
  });
}

TEST_F(Datagrams, ThatAreReceivedAreShownWhole) {
  // Not compared: the real one cuts at the 16384 bytes of its buffer, and at less when some of it still waits.
  const auto port = testing::free_port();
  Command server(fmt::format("{} -u -l 127.0.0.1 {}", kOurs, port));
  ASSERT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
  const PlainReceiver sender;
  const std::string large = testing::pattern(65'507);
  sender.send_to(port, "small");
  sender.send_to(port, large);
  sender.send_to(port, "end");
  sender.send_to(port, "");
  const auto finished = server.finish();
  EXPECT_EQ(finished.status, 0);
  EXPECT_TRUE(finished.out == "small" + large + "end");
}

TEST_F(Datagrams, OfTheFirstSenderOnlyAreHeard) {
  const Seen heard = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("printf answer | {} -u -l 127.0.0.1 {}", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
    PlainReceiver first;
    const PlainReceiver second;
    first.send_to(port, "one");
    EXPECT_EQ(first.receive(), "answer");
    second.send_to(port, "no");
    first.send_to(port, "two");
    std::this_thread::sleep_for(kAWhile);
    first.send_to(port, "");
    return seen(server.finish(), port);
  });
  EXPECT_EQ(heard, (Seen{.status = 0, .out = "onetwo"}));
}

TEST_F(Datagrams, OfAllSendersAreHeardWithK) {
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("exec {} -u -l -k 127.0.0.1 {}", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
    const PlainReceiver first;
    const PlainReceiver second;
    first.send_to(port, "one");
    second.send_to(port, "two");
    std::this_thread::sleep_for(kAWhile);
    first.send_to(port, "three");
    std::this_thread::sleep_for(kAWhile);
    server.send_signal(SIGTERM);
    EXPECT_EQ(server.finish().out, "onetwothree") << nc;
  });
}

TEST_F(Datagrams, AnEmptyOneIsNoEndWithK) {
  // Not compared: the real one reads nothing more then, on a whole CPU.
  const auto port = testing::free_port();
  Command server(fmt::format("exec {} -u -l -k 127.0.0.1 {}", kOurs, port));
  ASSERT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
  const PlainReceiver sender;
  sender.send_to(port, "one");
  sender.send_to(port, "");
  sender.send_to(port, "two");
  std::this_thread::sleep_for(kAWhile);
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.finish().out, "onetwo");
}

TEST_F(Datagrams, AnEmptyOneEndsAClientWhoseInputHasEnded) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    PlainReceiver server;
    Command client(fmt::format("echo hello | {} -u 127.0.0.1 {}", nc, server.port()));
    EXPECT_EQ(server.receive(), "hello\n");
    server.answer("bye\n");
    std::this_thread::sleep_for(kAWhile);
    server.answer("");
    return seen(client.finish(), server.port());
  });
  EXPECT_EQ(ended, (Seen{.status = 0, .out = "bye\n"}));
}

TEST_F(Datagrams, BetweenTheTwoMakes) {
  with_each(testing::kBothMakes, [](const testing::Makes& makes) {
    const auto& [server, client] = makes;
    const auto port = testing::free_port();
    const Command serving(fmt::format("echo from-server | {} -u -l 127.0.0.1 {}", server, port));
    ASSERT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
    const auto talked = testing::run_line(fmt::format("echo from-client | {} -u -w 1 127.0.0.1 {}", client, port));
    EXPECT_EQ(talked.out, "from-server\n") << server << " " << client;
    EXPECT_EQ(talked.status, 0);
    EXPECT_TRUE(serving.is_running());
  });
}

TEST_F(Datagrams, AClientLeavesAtTheEndOfItsInputWithQ) {
  with_each([&](const std::string& nc) {
    PlainReceiver server;
    const auto start = std::chrono::steady_clock::now();
    Command client(fmt::format("echo hello | {} -u -q 1 127.0.0.1 {}", nc, server.port()));
    EXPECT_EQ(client.finish().status, 0);
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT_GE(took, milliseconds{1'000}) << nc;
    EXPECT_LT(took, milliseconds{4'000}) << nc;
    EXPECT_EQ(server.receive(), "hello\n");
  });
}

}  // namespace
}  // namespace sockscope

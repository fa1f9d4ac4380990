#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "tests/netcat/plain_peer.h"
#include "tests/netcat/programs.h"

/// What the options do, as the real one does it.
namespace sockscope {
namespace {

using std::chrono::milliseconds;
using testing::Command;
using testing::kOpenBsd;
using testing::kOurs;
using testing::PlainConnection;
using testing::PlainListener;
using testing::same_as_openbsd;
using testing::Seen;
using testing::seen;
using ::testing::StartsWith;
using testing::with_each;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kAWhile{100};

class NetcatOption : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT(kOpenBsd); }
};

TEST_F(NetcatOption, ScanFindsAnOpenPort) {
  const PlainListener open;
  const auto port = open.port();
  EXPECT_EQ(same_as_openbsd([&](const std::string& nc) {
              return seen(testing::run_line(fmt::format("{} -z 127.0.0.1 {}", nc, port)), port);
            }),
            (Seen{.status = 0}));
  EXPECT_EQ(same_as_openbsd([&](const std::string& nc) {
              return seen(testing::run_line(fmt::format("{} -zv 127.0.0.1 {}", nc, port)), port);
            }),
            (Seen{.status = 0, .err = "Connection to 127.0.0.1 PORT port [tcp/*] succeeded!\n"}));
  same_as_openbsd([&](const std::string& nc) {
    return seen(testing::run_line(fmt::format("{} -zv localhost {}", nc, port)), port);
  });
  same_as_openbsd([&](const std::string& nc) {
    return seen(testing::run_line(fmt::format("{} -zvn 127.0.0.1 {}", nc, port)), port);
  });
}

TEST_F(NetcatOption, ScanTakesRangesAndLists) {
  const PlainListener open;
  const int port = open.port();
  for (const auto& ports : {fmt::format("{}-{}", port - 2, port + 2), fmt::format("{}-{}", port + 2, port - 2),
                            fmt::format("{} {}-{}", port + 1, port - 1, port), fmt::format("{}", port + 1)}) {
    const Seen scanned = same_as_openbsd([&](const std::string& nc) {
      return seen(testing::run_line(fmt::format("{} -zv 127.0.0.1 {}", nc, ports)), open.port());
    });
    EXPECT_EQ(scanned.status, ports == std::to_string(port + 1) ? 1 : 0) << ports;
  }
}

TEST_F(NetcatOption, ScanOverUdpSendsDatagramsAndTakesSilenceForOpen) {
  const Seen open = same_as_openbsd([](const std::string& nc) {
    testing::PlainReceiver receiver;
    const auto finished = testing::run_line(fmt::format("{} -uzv -w 1 127.0.0.1 {}", nc, receiver.port()));
    EXPECT_EQ(receiver.receive_all(kAWhile), std::vector<std::string>(3, "X")) << nc;
    return seen(finished, receiver.port());
  });
  EXPECT_EQ(open, (Seen{.status = 0, .err = "Connection to 127.0.0.1 PORT port [udp/*] succeeded!\n"}));
}

TEST_F(NetcatOption, ScanOverUdpIsRefused) {
  const auto closed = testing::free_port();
  EXPECT_EQ(same_as_openbsd([&](const std::string& nc) {
              return seen(testing::run_line(fmt::format("{} -uzv 127.0.0.1 {}", nc, closed)), closed);
            }),
            (Seen{.status = 1}));
  // Without -v nobody asks the port, and so nobody is refused.
  EXPECT_EQ(same_as_openbsd([&](const std::string& nc) {
              return seen(testing::run_line(fmt::format("{} -uz 127.0.0.1 {}", nc, closed)), closed);
            }),
            (Seen{.status = 0}));
}

TEST_F(NetcatOption, KeepListeningServesOneAfterAnother) {
  const Seen served = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("exec {} -lkn 127.0.0.1 {}", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    for (const char* text : {"one ", "two ", "three "}) {
      const auto client = PlainConnection::to(port);
      client.send(text);
      client.shut_down();
      EXPECT_EQ(client.receive_to_the_end(), "");
    }
    server.send_signal(SIGTERM);
    return seen(server.finish(), port);
  });
  EXPECT_EQ(served, (Seen{.status = 128 + SIGTERM, .out = "one two three "}));
}

TEST_F(NetcatOption, VerboseListenerSaysWhereAndWho) {
  for (const char* options : {"-lv 127.0.0.1", "-lvn 127.0.0.1", "-lvn", "-6lvn"}) {
    same_as_openbsd([&](const std::string& nc) {
      const auto port = testing::free_port();
      const auto source = testing::free_port();
      Command server(fmt::format("{} {} {}", nc, options, port));
      EXPECT_TRUE(testing::wait_for_listener(port));
      const char* host = options[1] == '6' ? "::1" : "127.0.0.1";
      EXPECT_EQ(testing::run_line(fmt::format("echo hello | nc.openbsd -N -p {} {} {}", source, host, port)).status, 0);
      testing::Finished finished = server.finish();
      const auto at = finished.err.find(std::to_string(source));
      EXPECT_NE(at, std::string::npos) << finished.err;
      if (at != std::string::npos) finished.err.replace(at, std::to_string(source).size(), "SOURCE");
      return seen(finished, port);
    });
  }
}

TEST_F(NetcatOption, VerboseUdpListenerSaysWhereAndWho) {
  const Seen said = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{} -luvn 127.0.0.1 {}", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port, Protocol::kUdp));
    const testing::PlainReceiver client;
    client.send_to(port, "x");
    std::this_thread::sleep_for(kAWhile);
    client.send_to(port, "");
    testing::Finished finished = server.finish();
    const auto source = std::to_string(client.port());
    EXPECT_TRUE(finished.err.ends_with(source + "\n")) << finished.err;
    finished.err.resize(finished.err.size() - source.size() - 1);
    return seen(finished, port);
  });
  EXPECT_EQ(said, (Seen{.out = "x", .err = "Bound on 127.0.0.1 PORT\nConnection received on 127.0.0.1 "}));
}

TEST_F(NetcatOption, IdleConnectionTimesOut) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& nc : {kOpenBsd, kOurs}) {
    lines.emplace_back(nc + " -w 1 127.0.0.1", " <>$open");
    lines.emplace_back(nc + " -d -w 1 127.0.0.1", "");
    lines.emplace_back("echo x | " + nc + " -w 1 127.0.0.1", "");
  }
  with_each(lines, [](const auto& line) {
    const PlainListener server;
    const auto start = Clock::now();
    Command client(fmt::format("{} {}{}", line.first, server.port(), line.second));
    const auto connection = server.accept();
    EXPECT_EQ(client.finish().status, 0) << line.first;
    EXPECT_GE(Clock::now() - start, milliseconds{1'000}) << line.first;
    EXPECT_LT(Clock::now() - start, milliseconds{4'000}) << line.first;
  });
}

TEST_F(NetcatOption, IdleClientOfAListenerTimesOut) {
  with_each([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{} -l -w 1 127.0.0.1 {} <>$open", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port));
    const auto client = PlainConnection::to(port);
    EXPECT_EQ(client.receive_to_the_end(), "");
    EXPECT_EQ(server.finish().status, 0) << nc;
  });
}

TEST_F(NetcatOption, ListenerWaitsForItsFirstClientForEver) {
  with_each([](const std::string& nc) {
    const auto port = testing::free_port();
    const Command server(fmt::format("{} -l -w 1 127.0.0.1 {}", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port));
    std::this_thread::sleep_for(milliseconds{1'150});
    EXPECT_TRUE(server.is_running()) << nc;
  });
}

TEST_F(NetcatOption, SourcePortAndAddress) {
  with_each([&](const std::string& nc) {
    const PlainListener server;
    const auto source = testing::free_port();
    Command client(fmt::format("{} -p {} -s 127.0.0.1 127.0.0.1 {}", nc, source, server.port()));
    auto connection = server.accept();
    EXPECT_EQ(connection.peer_port(), source) << nc;
    connection.close();
    EXPECT_EQ(client.finish().status, 0);
  });
  same_as_openbsd(
      [](const std::string& nc) { return seen(testing::run_line(nc + " -v -s 192.0.2.1 127.0.0.1 9"), 0); });
  const PlainListener taken;
  same_as_openbsd([&](const std::string& nc) {
    return seen(testing::run_line(fmt::format("{} -v -p {} -s 127.0.0.1 127.0.0.1 9", nc, taken.port())), taken.port());
  });
}

TEST_F(NetcatOption, ListensWhereSAndPSay) {
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{} -l -s 127.0.0.1 -p {}", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port));
    const auto client = PlainConnection::to(port);
    client.send("hello");
    client.shut_down();
    EXPECT_EQ(server.finish().out, "hello") << nc;
  });
}

TEST_F(NetcatOption, FamiliesKeepToThemselves) {
  with_each(testing::kBothMakes, [](const testing::Makes& makes) {
    const auto& [server, client] = makes;
    for (const bool four : {true, false}) {
      const std::string family = four ? "-4" : "-6";
      const char* const here = four ? "127.0.0.1" : "::1";
      const auto port = testing::free_port();
      Command serving(fmt::format("{} {} -l {}", server, family, port));
      ASSERT_TRUE(testing::wait_for_listener(port));
      EXPECT_EQ(testing::run_line(fmt::format("{} {} {} {}", client, four ? "-6" : "-4", here, port)).status, 1);
      const auto talked = testing::run_line(fmt::format("echo hello | {} -N {} {} {}", client, family, here, port));
      EXPECT_EQ(talked.status, 0) << client << family;
      EXPECT_EQ(serving.finish().out, "hello\n") << server << family;
    }
  });
}

TEST_F(NetcatOption, DetachedLeavesTheInputToOthers) {
  const Seen shared = same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("printf input | {{ {} -d 127.0.0.1 {}; cat; }}", nc, server.port()));
    auto connection = server.accept();
    connection.send("network ");
    EXPECT_TRUE(connection.hears_nothing_for(kAWhile));
    connection.close();
    return seen(client.finish(), server.port());
  });
  EXPECT_EQ(shared, (Seen{.status = 0, .out = "network input"}));
}

TEST_F(NetcatOption, IntervalRestsBehindEachLine) {
  with_each([&](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("printf 'one\\ntwo' | {} -N -i 1 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    EXPECT_EQ(connection.receive(4), "one\n");
    EXPECT_TRUE(connection.hears_nothing_for(milliseconds{500})) << nc;
    EXPECT_EQ(connection.receive_to_the_end(), "two");
    connection.close();
    EXPECT_EQ(client.finish().status, 0);
  });
}

TEST_F(NetcatOption, QuitDelayBeginsWhenBothSidesAreThrough) {
  with_each([&](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("printf question | {} -q 1 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    EXPECT_EQ(connection.receive_to_the_end(), "question");  // As with -N.
    std::this_thread::sleep_for(milliseconds{300});
    connection.send("answer");
    const auto closed = Clock::now();
    connection.close();
    const auto finished = client.finish();
    EXPECT_EQ(finished.status, 0) << nc;
    EXPECT_EQ(finished.out, "answer") << nc;
    EXPECT_GE(Clock::now() - closed, milliseconds{990}) << nc;
    EXPECT_LT(Clock::now() - closed, milliseconds{4'000}) << nc;
  });
}

TEST_F(NetcatOption, NegativeQuitDelayIsNone) {
  same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("printf question | {} -q -1 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    EXPECT_EQ(connection.receive(8), "question");
    EXPECT_TRUE(connection.hears_nothing_for(kAWhile));
    connection.close();
    return seen(client.finish(), server.port());
  });
}

TEST_F(NetcatOption, QuitDelayEndsEvenAListenerThatIsKept) {
  same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("exec {} -lk -q 1 127.0.0.1 {} <>$open", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    auto client = PlainConnection::to(port);
    client.send("hello");
    client.shut_down();
    EXPECT_EQ(client.receive_to_the_end(), "");
    return seen(server.finish(), port);
  });
}

TEST_F(NetcatOption, QuitDelayMakesAListenerLeaveAtTheEndOfItsInput) {
  const Seen left = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("(sleep 0.3; printf bye) | {} -l -q 0 127.0.0.1 {}", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    const auto client = PlainConnection::to(port);
    client.send("hello");
    EXPECT_EQ(client.receive_to_the_end(), "bye");
    return seen(server.finish(), port);
  });
  EXPECT_EQ(left, (Seen{.status = 0, .out = "hello"}));
}

TEST_F(NetcatOption, BufferSizesChangeNothingButTheSizes) {
  const testing::Scratch scratch;
  const std::string bytes = testing::pattern(300'000);
  testing::write_file(scratch / "sent", bytes);
  const auto port = testing::free_port();
  Command server(fmt::format("{} -l -I 4096 -O 4096 127.0.0.1 {}", kOurs, port));
  ASSERT_TRUE(testing::wait_for_listener(port));
  const auto sent = testing::run_line(
      fmt::format("{} -N -I 4096 -O 4096 127.0.0.1 {} <{}", kOurs, port, (scratch / "sent").string()));
  EXPECT_EQ(sent.status, 0);
  EXPECT_TRUE(server.finish().out == bytes);
}

TEST_F(NetcatOption, TimeOutOfAConnect) {
  const PlainListener crowded(0);
  // Beyond the backlog the kernel drops each SYN.
  const auto first = PlainConnection::to(crowded.port());
  const Seen timed_out = same_as_openbsd([&](const std::string& nc) {
    return seen(testing::run_line(fmt::format("{} -v -w 1 127.0.0.1 {}", nc, crowded.port())), crowded.port());
  });
  EXPECT_EQ(timed_out.status, 1);
  EXPECT_EQ(timed_out.err, "nc: connect to 127.0.0.1 port PORT (tcp) timed out: Operation now in progress\n");
}

TEST_F(NetcatOption, SenselessCommandLinesAreUsageErrors) {
  // netcat's status is 1 for these too; ours is told apart from a port that is closed.
  for (const char* line :
       {"", "127.0.0.1", "-l", "-l -z 9", "-k 127.0.0.1 9", "127.0.0.1 65536", "127.0.0.1 x", "-w x 127.0.0.1 9",
        "-w -1 127.0.0.1 9", "-I 0 127.0.0.1 9", "-l 1 2 3", "-l -p 1 2", "-X connect 127.0.0.1 9"}) {
    const auto finished = testing::run_line(kOurs + " " + line);
    EXPECT_EQ(finished.status, 2) << line;
    EXPECT_THAT(finished.err, StartsWith("sockscope: ")) << line;
    EXPECT_EQ(finished.out, "") << line;
  }
}

}  // namespace
}  // namespace sockscope

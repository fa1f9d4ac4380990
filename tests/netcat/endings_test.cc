#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/netcat/plain_peer.h"
#include "tests/netcat/programs.h"

/// How netcat ends when something does not go well: each scene is played with the real one too.
namespace sockscope {
namespace {

using std::chrono::milliseconds;
using testing::Command;
using testing::kOpenBsd;
using testing::PlainConnection;
using testing::PlainListener;
using testing::same_as_openbsd;
using testing::Seen;
using testing::seen;

constexpr milliseconds kAWhile{100};

class Endings : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT(kOpenBsd); }
};

TEST_F(Endings, Refused) {
  const Seen quiet = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    return seen(testing::run_line(fmt::format("{} 127.0.0.1 {}", nc, port)), port);
  });
  EXPECT_EQ(quiet, (Seen{.status = 1}));
  const Seen verbose = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    return seen(testing::run_line(fmt::format("{} -v localhost {}", nc, port)), port);
  });
  EXPECT_TRUE(verbose.err.ends_with("(127.0.0.1) port PORT (tcp) failed: Connection refused\n")) << verbose.err;
}

TEST_F(Endings, UnreachableName) {
  for (const char* where : {"nosuch.invalid 9", "-n localhost 9", "-6 127.0.0.1 9"}) {
    const Seen unknown =
        same_as_openbsd([&](const std::string& nc) { return seen(testing::run_line(nc + " " + where), 0); });
    EXPECT_EQ(unknown.status, 1);
    EXPECT_TRUE(unknown.err.starts_with("nc: getaddrinfo for host ")) << unknown.err;
  }
}

TEST_F(Endings, UnreachableNetwork) {
  same_as_openbsd([](const std::string& nc) { return seen(testing::run_line(nc + " -v 255.255.255.255 9"), 0); });
}

TEST_F(Endings, OutputThatIsClosedEndsAClientWithoutInput) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("{{ {} 127.0.0.1 {}; echo \"status $?\" >&2; }} | head -c1", nc, server.port()));
    const auto connection = server.accept();
    connection.send("xy");
    std::this_thread::sleep_for(kAWhile);
    connection.send("more");
    return seen(client.finish(), server.port());
  });
  EXPECT_EQ(ended, (Seen{.status = 0, .out = "x", .err = "status 0\n"}));
}

TEST_F(Endings, OutputThatIsClosedLeavesAClientItsInput) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format(
        "{{ (sleep 0.4; printf late) | {} -N 127.0.0.1 {}; echo \"status $?\" >&2; }} | head -c1", nc, server.port()));
    const auto connection = server.accept();
    connection.send("xy");
    const std::string sent = connection.receive_to_the_end();
    const Seen rest = seen(client.finish(), server.port());
    return Seen{.status = rest.status, .out = rest.out + sent, .err = rest.err};
  });
  EXPECT_EQ(ended, (Seen{.status = 0, .out = "xlate", .err = "status 0\n"}));
}

TEST_F(Endings, OutputThatIsClosedEndsAServer) {
  same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{{ {} -l 127.0.0.1 {}; echo \"status $?\" >&2; }} | head -c1", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    const auto client = PlainConnection::to(port);
    client.send("xy");
    return seen(server.finish(), port);
  });
}

TEST_F(Endings, OutputThatIsFull) {
  same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("{} 127.0.0.1 {} >/dev/full", nc, server.port()));
    const auto connection = server.accept();
    connection.send("xy");
    return seen(client.finish(), server.port());
  });
}

TEST_F(Endings, StandardDescriptorsThatWereClosedAreNotTheSocket) {
  // Not compared: the real one takes the socket for its own input, and sends the peer what came from it.
  const PlainListener server;
  Command client(fmt::format("{} -N 127.0.0.1 {} <&- >&- 2>&-", testing::kOurs, server.port()));
  const auto connection = server.accept();
  connection.send("xy");
  connection.shut_down();
  EXPECT_EQ(connection.receive_to_the_end(), "");
  EXPECT_EQ(client.finish().status, 0);
}

TEST_F(Endings, HalfClosedPeerOfAClientStillHearsIt) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("(sleep 0.3; printf late) | {} -N 127.0.0.1 {}", nc, server.port()));
    const auto connection = server.accept();
    connection.send("early");
    connection.shut_down();
    EXPECT_EQ(connection.receive_to_the_end(), "late");
    return seen(client.finish(), server.port());
  });
  EXPECT_EQ(ended, (Seen{.status = 0, .out = "early"}));
}

TEST_F(Endings, HalfClosedPeerEndsAServer) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{} -l 127.0.0.1 {} <>$open", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    const auto client = PlainConnection::to(port);
    client.send("bye");
    client.shut_down();
    EXPECT_EQ(client.receive_to_the_end(), "");
    return seen(server.finish(), port);
  });
  EXPECT_EQ(ended, (Seen{.status = 0, .out = "bye"}));
}

TEST_F(Endings, ClientWithoutNeverTellsThatItsInputHasEnded) {
  same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("printf question | {} 127.0.0.1 {}", nc, server.port()));
    const auto connection = server.accept();
    EXPECT_EQ(connection.receive(8), "question");
    EXPECT_TRUE(connection.hears_nothing_for(kAWhile));
    connection.send("answer");
    connection.shut_down();
    return seen(client.finish(), server.port());
  });
}

TEST_F(Endings, PeerThatIsKilled) {
  const Seen ended = same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("exec {} -l 127.0.0.1 {}", kOpenBsd, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    Command client(fmt::format("(echo one; sleep 0.3; echo two; sleep 0.1; echo three) | {} 127.0.0.1 {}", nc, port));
    std::this_thread::sleep_for(kAWhile);
    server.send_signal(SIGKILL);
    EXPECT_EQ(server.finish().status, 128 + SIGKILL);
    return seen(client.finish(), port);
  });
  EXPECT_EQ(ended, Seen{});
}

TEST_F(Endings, PeerThatResetsTheConnection) {
  const Seen client_ended = same_as_openbsd([](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("{} -v 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    connection.send("last");
    std::this_thread::sleep_for(kAWhile);
    connection.reset();
    return seen(client.finish(), server.port());
  });
  EXPECT_EQ(client_ended.status, 0);
  EXPECT_EQ(client_ended.out, "last");
  same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("{} -l 127.0.0.1 {}", nc, port));
    EXPECT_TRUE(testing::wait_for_listener(port));
    auto client = PlainConnection::to(port);
    client.send("last");
    std::this_thread::sleep_for(kAWhile);
    client.reset();
    return seen(server.finish(), port);
  });
}

TEST_F(Endings, WhatCameBeforeAResetIsShown) {
  // Not compared: the real one reads no more once it knows of the reset.
  const PlainListener server;
  Command client(fmt::format("exec {} 127.0.0.1 {}", testing::kOurs, server.port()));
  auto connection = server.accept();
  std::this_thread::sleep_for(kAWhile);
  client.send_signal(SIGSTOP);
  connection.send("last words");
  connection.reset();
  client.send_signal(SIGCONT);
  const auto finished = client.finish();
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.out, "last words");
}

TEST_F(Endings, UdpPeerThatIsNotThere) {
  same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    return seen(testing::run_line(fmt::format("(echo x; sleep 0.2) | {} -u 127.0.0.1 {}", nc, port)), port);
  });
  same_as_openbsd([](const std::string& nc) {
    const auto port = testing::free_port();
    return seen(testing::run_line(fmt::format("{} -uv 127.0.0.1 {}", nc, port)), port);
  });
}

TEST_F(Endings, InterruptedByTheKeyboard) {
  for (const char* what : {"-l 127.0.0.1", "127.0.0.1"}) {
    const Seen ended = same_as_openbsd([&](const std::string& nc) {
      const PlainListener server;
      const bool listens = std::string(what).starts_with("-l");
      const auto port = listens ? testing::free_port() : server.port();
      Command program(fmt::format("exec {} {} {}", nc, what, port));
      if (listens) {
        EXPECT_TRUE(testing::wait_for_listener(port));
      } else {
        std::this_thread::sleep_for(kAWhile);
      }
      program.send_signal(SIGINT);
      return seen(program.finish(), port);
    });
    EXPECT_EQ(ended.status, 128 + SIGINT);
  }
}

}  // namespace
}  // namespace sockscope

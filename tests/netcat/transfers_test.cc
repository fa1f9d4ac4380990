#include <gtest/gtest.h>

#include "tests/netcat/programs.h"

namespace sockscope {
namespace {

using testing::Command;
using testing::kNcat;
using testing::kOpenBsd;
using testing::kOurs;

constexpr std::size_t kTenMegabytes = 10'000'000;

struct Pair {
  const char* name;
  std::string server;
  std::string client;
};

void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }  // NOLINT(readability-identifier-naming)

// What makes a client of each make send a file and then tell that this was all; and receive one without telling
// anything of its own, which a server would take for the end.
std::string sending(const std::string& client) { return client == kNcat ? client : client + " -N"; }
std::string receiving(const std::string& client) { return client == kNcat ? client + " --recv-only" : client; }
// ncat's servers tell by themselves.
std::string serving(const std::string& server) { return server == kNcat ? server + " -l" : server + " -N -l"; }

class Transfer : public ::testing::TestWithParam<Pair> {
 protected:
  void SetUp() override {
    for (const auto& program : {kOpenBsd, kNcat}) SKIP_WITHOUT(program);
    testing::write_file(scratch / "sent", bytes);
  }

  void expect_the_file(const std::string& server_line, const std::string& client_line) {
    Command server(server_line);
    ASSERT_TRUE(testing::wait_for_listener(port));
    const auto client = testing::run_line(client_line);
    EXPECT_EQ(client.status, 0) << client.err;
    EXPECT_EQ(server.finish().status, 0);
    EXPECT_TRUE(testing::read_file(scratch / "received") == bytes);
  }

  [[nodiscard]] std::string from() const { return " <" + (scratch / "sent").string(); }
  [[nodiscard]] std::string to() const { return " >" + (scratch / "received").string(); }
  [[nodiscard]] std::string at() const { return fmt::format(" 127.0.0.1 {}", port); }

  testing::Scratch scratch;
  std::string bytes = testing::pattern(kTenMegabytes);
  std::uint16_t port = testing::free_port();
};

TEST_P(Transfer, FromClientToServer) {
  expect_the_file(GetParam().server + " -l" + at() + to(), sending(GetParam().client) + at() + from());
}

TEST_P(Transfer, FromServerToClient) {
  expect_the_file(serving(GetParam().server) + at() + from(), receiving(GetParam().client) + at() + to());
}

INSTANTIATE_TEST_SUITE_P(Netcats, Transfer,
                         ::testing::Values(Pair{"OursOurs", kOurs, kOurs}, Pair{"OursOpenBsd", kOurs, kOpenBsd},
                                           Pair{"OpenBsdOurs", kOpenBsd, kOurs}, Pair{"OursNcat", kOurs, kNcat},
                                           Pair{"NcatOurs", kNcat, kOurs}),
                         [](const auto& tested) { return tested.param.name; });

/// Both ways at once. The server's own file is the longer one, and the client tells the end of its file last.
TEST(TransferBothWays, KeepsEveryByte) {
  SKIP_WITHOUT(kOpenBsd);
  const std::string bytes = testing::pattern(kTenMegabytes);
  testing::with_each(testing::kBothMakes, [&](const testing::Makes& makes) {
    const auto& [server, client] = makes;
    const testing::Scratch scratch;
    testing::write_file(scratch / "sent", bytes);
    const auto port = testing::free_port();
    Command serving(fmt::format("{} -l 127.0.0.1 {} <{} >{}", server, port, (scratch / "sent").string(),
                                (scratch / "at-server").string()));
    ASSERT_TRUE(testing::wait_for_listener(port));
    // The client's last byte waits until everything has come back.
    Command sending(
        fmt::format("{{ cat {0}; while [ $(stat -c %s {1}) -lt {2} ]; do sleep 0.02; done; }} | "
                    "{3} -N 127.0.0.1 {4} >{1}",
                    (scratch / "sent").string(), (scratch / "at-client").string(), bytes.size(), client, port));
    EXPECT_EQ(sending.finish().status, 0);
    EXPECT_EQ(serving.finish().status, 0);
    EXPECT_TRUE(testing::read_file(scratch / "at-server") == bytes) << server;
    EXPECT_TRUE(testing::read_file(scratch / "at-client") == bytes) << client;
  });
}

}  // namespace
}  // namespace sockscope

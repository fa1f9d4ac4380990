#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/netcat/plain_peer.h"
#include "tests/netcat/programs.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using testing::Command;
using ::testing::HasSubstr;
using testing::kOpenBsd;
using testing::PlainListener;
using testing::with_each;

constexpr const char* kTelnetServer = "procServ";
constexpr const char* kTelnetClient = "telnet";

/// A real telnet server on loopback, whose shell is cat. The end of its own input it would hand to cat.
std::string telnet_server(std::uint16_t port) {
  return fmt::format("sleep 30 >$open & exec {} --foreground --quiet --noautorestart {} /bin/cat <$open", kTelnetServer,
                     port);
}

TEST(TelnetPrograms, AServerIsRefusedAsByTheRealOne) {
  SKIP_WITHOUT(kOpenBsd);
  with_each([&](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("{} -t 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    const std::string requests("\xff\xfd\x01 a \xff\xfb\x03 b \xff\xfe\x05\xff\xfc\x06\xff\xff\xff\xfa\x18\x01\xff\xf0",
                               26);
    connection.send(requests);
    EXPECT_EQ(connection.receive(12), "\xff\xfc\x01\xff\xfe\x03\xff\xfc\x05\xff\xfe\x06") << nc;
    EXPECT_TRUE(connection.hears_nothing_for(milliseconds{50}));
    connection.close();
    EXPECT_EQ(client.finish().out, requests) << nc;
  });
}

TEST(TelnetPrograms, ASessionWithAServer) {
  SKIP_WITHOUT(kTelnetServer);
  SKIP_WITHOUT(kOpenBsd);
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    const Command server(telnet_server(port));
    ASSERT_NE(testing::wait_for_child(server.pid(), "cat", std::chrono::seconds{5}), 0);
    const auto talked =
        testing::run_line(fmt::format("(sleep 0.3; echo hello; sleep 0.3) | {} -t -N 127.0.0.1 {}", nc, port));
    EXPECT_EQ(talked.status, 0) << nc;
    EXPECT_THAT(talked.out, HasSubstr("Welcome to procServ")) << nc;
    EXPECT_THAT(talked.out, HasSubstr("\xff\xfb\x01")) << nc;        // Its offers are shown, as by the real one.
    EXPECT_THAT(talked.out, HasSubstr("hello\r\nhello\r\n")) << nc;  // Echoed, and said by cat.
  });
}

TEST(TelnetPrograms, ASessionWithAClient) {
  SKIP_WITHOUT(kTelnetClient);
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(fmt::format("echo 'from server' | {} -l -t 127.0.0.1 {}", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port));
    const auto talked = testing::run_line(
        fmt::format("(sleep 0.2; echo 'from client'; sleep 0.2) | {} 127.0.0.1 {}", kTelnetClient, port));
    EXPECT_THAT(talked.out, HasSubstr("from server")) << nc;
    EXPECT_THAT(server.finish().out, HasSubstr("from client\r\n")) << nc;
  });
}

}  // namespace
}  // namespace sockscope

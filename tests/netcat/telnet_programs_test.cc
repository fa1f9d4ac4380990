#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "tests/netcat/plain_peer.h"
#include "tests/netcat/programs.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;
using testing::Command;
using ::testing::EndsWith;
using testing::kOpenBsd;
using testing::PlainListener;
using ::testing::StartsWith;
using std::string_view_literals::operator""sv;
using testing::with_each;

constexpr const char* kTelnetServer = "procServ";
constexpr const char* kTelnetClient = "telnet";

/// A real telnet server on loopback, whose shell is cat. The end of its own input it would hand to cat.
std::string telnet_server(std::uint16_t port) {
  return fmt::format("sleep 30 >$open & exec {} --foreground --quiet --noautorestart {} /bin/cat <$open", kTelnetServer,
                     port);
}

/// What inetutils' telnetd says to somebody who refuses everything, and what netcat answers. Debian has no telnetd
/// without an inetd that opens its port, so this was recorded, of telnetd 2:2.4-2+deb12u3 and netcat-openbsd 1.219-1,
/// by:
///   socat TCP-LISTEN:23450,bind=127.0.0.1 EXEC:'telnetd -h -E ./login.sh',nofork
///   socat -r answers -R requests TCP-LISTEN:23451,bind=127.0.0.1 TCP:127.0.0.1:23450
constexpr std::string_view kTelnetdRequests =
    "\xff\xfb\x25\xff\xfb\x26\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27\xff\xfd\x24\xff\xfb\x03\xff\xfd\x01"
    "\xff\xfd\x22\xff\xfd\x1f\xff\xfb\x05\xff\xfd\x21\xff\xfb\x01\xff\xfd\x06\xff\xfd\x00\xff\xfb\x03\xff\xfb\x01"sv;
constexpr std::string_view kAnswersToTelnetd =
    "\xff\xfe\x25\xff\xfe\x26\xff\xfc\x18\xff\xfc\x20\xff\xfc\x23\xff\xfc\x27\xff\xfc\x24\xff\xfe\x03\xff\xfc\x01"
    "\xff\xfc\x22\xff\xfc\x1f\xff\xfe\x05\xff\xfc\x21\xff\xfe\x01\xff\xfc\x06\xff\xfc\x00\xff\xfe\x03\xff\xfe\x01"sv;

/// A way to a port that keeps what passes: two files that grow, for a shell to wait for.
class Wire {
 public:
  explicit Wire(std::uint16_t to)
      : socat_(fmt::format("exec socat -t 5 -r {} -R {} TCP-LISTEN:{},bind=127.0.0.1 TCP:127.0.0.1:{}", from_client(),
                           from_server(), port_, to)) {
    EXPECT_TRUE(testing::wait_for_listener(port_));
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string from_client() const { return (scratch_ / "client").string(); }
  [[nodiscard]] std::string from_server() const { return (scratch_ / "server").string(); }
  void wait_for_its_end() { EXPECT_EQ(socat_.finish().status, 0); }

 private:
  testing::Scratch scratch_;
  std::uint16_t port_ = testing::free_port();
  Command socat_;
};

/// In a shell: waits until so much has passed.
std::string until_bytes(std::size_t bytes, const std::string& file) {
  return fmt::format("until [ $(wc -c <{}) -ge {} ]; do sleep 0.01; done", file, bytes);
}

TEST(TelnetPrograms, TelnetdIsRefusedAsByTheRealOne) {
  SKIP_WITHOUT(kOpenBsd);
  with_each([&](const std::string& nc) {
    const PlainListener server;
    Command client(fmt::format("{} -t 127.0.0.1 {}", nc, server.port()));
    auto connection = server.accept();
    connection.send(std::string(kTelnetdRequests) + "Welcome\r\n");
    EXPECT_EQ(connection.receive(kAnswersToTelnetd.size()), kAnswersToTelnetd) << nc;
    EXPECT_TRUE(connection.hears_nothing_for(milliseconds{50}));
    connection.close();
    EXPECT_EQ(client.finish().out, std::string(kTelnetdRequests) + "Welcome\r\n") << nc;
  });
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
  SKIP_WITHOUT("socat");
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    const Command server(telnet_server(port));
    ASSERT_NE(testing::wait_for_child(server.pid(), "cat", std::chrono::seconds{5}), 0);
    Wire wire(port);
    const auto talked =
        testing::run_line(fmt::format("({}; echo hello; until [ $(grep -ac hello {}) -eq 2 ]; do sleep 0.01; done) | "
                                      "{} -t -N 127.0.0.1 {}",
                                      until_bytes(6, wire.from_client()), wire.from_server(), nc, wire.port()));
    wire.wait_for_its_end();
    EXPECT_EQ(talked.status, 0) << nc;
    // Neither its offer to echo nor its wish for line mode is taken up.
    EXPECT_EQ(testing::read_file(wire.from_client()), "\xff\xfe\x01\xff\xfc\x22hello\n") << nc;
    EXPECT_EQ(talked.out, testing::read_file(wire.from_server())) << nc;
    EXPECT_THAT(talked.out, StartsWith("@@@ Welcome to procServ")) << nc;
    // The requests are shown, as by the real one; then its terminal's echo, and what cat says.
    EXPECT_THAT(talked.out, EndsWith("\r\n\xff\xfb\x01\xff\xfd\x22hello\r\nhello\r\n")) << nc;
  });
}

// The server asks for the terminal's type and the window's size, and offers to echo; refuses when the client agrees;
// and the client takes note of it.
TEST(TelnetPrograms, ASessionWithAClient) {
  SKIP_WITHOUT(kTelnetClient);
  SKIP_WITHOUT(kOpenBsd);
  SKIP_WITHOUT("socat");
  const std::string requests = "\xff\xfd\x18\xff\xfb\x01\xff\xfd\x1f";
  const std::string refusals = "\xff\xfe\x18\xff\xfc\x01\xff\xfe\x1f";
  const std::string agreed_and_noted = "\xff\xfb\x18\xff\xfd\x01\xff\xfb\x1f\xff\xfc\x18\xff\xfe\x01\xff\xfc\x1f";
  with_each([&](const std::string& nc) {
    const auto port = testing::free_port();
    Command server(
        fmt::format(R"(printf '\377\375\030\377\373\001\377\375\037from server\n' | {} -l -t 127.0.0.1 {})", nc, port));
    ASSERT_TRUE(testing::wait_for_listener(port));
    Wire wire(port);
    const auto talked = testing::run_line(
        fmt::format("({}; echo 'from client'; {}) | {} 127.0.0.1 {}", until_bytes(39, wire.from_server()),
                    until_bytes(18 + 13, wire.from_client()), kTelnetClient, wire.port()));
    wire.wait_for_its_end();
    EXPECT_EQ(talked.out, "Trying 127.0.0.1...\nConnected to 127.0.0.1.\nEscape character is '^]'.\nfrom server\n")
        << nc;
    // The real one answers what it could not write out yet a second time, when more comes meanwhile.
    const std::string answered = requests + "from server\n" + refusals + refusals;
    const std::string from_server = testing::read_file(wire.from_server());
    EXPECT_EQ(nc == kOpenBsd ? from_server.substr(0, answered.size()) : from_server, answered) << nc;
    const auto served = server.finish();
    EXPECT_EQ(served.status, 0) << nc;
    EXPECT_EQ(served.out, agreed_and_noted + "from client\r\n") << nc;
  });
}

}  // namespace
}  // namespace sockscope

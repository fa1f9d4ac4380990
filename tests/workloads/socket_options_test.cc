#include "workloads/socket_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "tests/workloads/connected_ends.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

int option(const UniqueFd& socket, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(socket.get(), level, name, &value, &length) == 0 ? value : -1;
}

UniqueFd socket_with(const SocketOptions& options, Protocol protocol = Protocol::kTcp) {
  auto socket = open_socket(protocol, options);
  EXPECT_TRUE(socket) << (socket ? "" : socket.error().message);
  return socket ? std::move(*socket) : UniqueFd();
}

std::string error_of(const SocketOptions& options, Protocol protocol = Protocol::kTcp) {
  const auto socket = open_socket(protocol, options);
  if (socket) return "no error";
  EXPECT_EQ(socket.error().kind, ErrorKind::kEnvironment);
  return socket.error().message;
}

TEST(SocketOptions, AreNagleOffAndNothingElseUnlessAskedFor) {
  const UniqueFd plain(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const UniqueFd ours = socket_with({});
  EXPECT_EQ(option(plain, IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_EQ(option(ours, IPPROTO_TCP, TCP_NODELAY), 1);
  for (const int name : {TCP_CORK, TCP_QUICKACK}) {
    EXPECT_EQ(option(ours, IPPROTO_TCP, name), option(plain, IPPROTO_TCP, name)) << name;
  }
  for (const int name : {SO_SNDBUF, SO_RCVBUF, SO_BUSY_POLL, SO_PRIORITY}) {
    EXPECT_EQ(option(ours, SOL_SOCKET, name), option(plain, SOL_SOCKET, name)) << name;
  }
}

TEST(SocketOptions, AreSetEachOne) {
  EXPECT_EQ(option(socket_with({.nodelay = false}), IPPROTO_TCP, TCP_NODELAY), 0);
  EXPECT_EQ(option(socket_with({.cork = true}), IPPROTO_TCP, TCP_CORK), 1);
  EXPECT_EQ(option(socket_with({.send_buffer = 20'000}), SOL_SOCKET, SO_SNDBUF), 40'000);
  EXPECT_EQ(option(socket_with({.receive_buffer = 30'000}), SOL_SOCKET, SO_RCVBUF), 60'000);
  EXPECT_EQ(option(socket_with({.dscp = 46}), IPPROTO_IP, IP_TOS), 46 << 2);
  EXPECT_EQ(option(socket_with({.dscp = 46}, Protocol::kUdp), IPPROTO_IP, IP_TOS), 46 << 2);
  EXPECT_THAT(options_in_effect(Protocol::kTcp, socket_with({.congestion = "reno"}).get()),
              Contains(Pair("congestion", "reno")));
}

TEST(SocketOptions, OfIpV6AreSetThere) {
  const auto socket = open_socket(Protocol::kTcp, {.dscp = 10, .ip = IpVersion::kV6});
  if (!socket) GTEST_SKIP() << socket.error().message;
  EXPECT_EQ(option(*socket, IPPROTO_IPV6, IPV6_TCLASS), 10 << 2);
}

TEST(SocketOptions, OfTcpAloneAreLeftOutOverUdp) {
  EXPECT_EQ(error_of({.quickack = true, .cork = true, .congestion = "nosuch"}, Protocol::kUdp), "no error");
}

TEST(SocketOptions, AreRefusedByNameWithTheReason) {
  EXPECT_THAT(error_of({.congestion = "nosuch"}), AllOf(StartsWith("--congestion nosuch is not there: choose from "),
                                                        HasSubstr("reno"), HasSubstr("sudo modprobe tcp_nosuch")));
  EXPECT_EQ(error_of({.device = "nosuch0"}), "--device nosuch0: there is no such interface");
}

TEST(SocketOptions, AsTheyAreInEffectAreTheKernelsOwnValues) {
  const ConnectedEnds ends(Protocol::kUdp);
  const auto udp = options_in_effect(Protocol::kUdp, ends.client.get());
  EXPECT_THAT(udp, AllOf(Contains(Pair("local", "127.0.0.1")), Contains(Pair("remote", "127.0.0.1")),
                         Contains(Pair("dscp", "0")),
                         Contains(Pair("send_buffer", std::to_string(option(ends.client, SOL_SOCKET, SO_SNDBUF))))));
  for (const auto& [name, value] : udp) EXPECT_NE(name, "nodelay");
}

TEST(SocketOptions, BindEitherEndToItsAddress) {
  const SocketOptions options{.client_address = "127.0.0.3", .server_address = "127.0.0.2"};
  const auto server = bind_server(Protocol::kTcp, 0, options);
  ASSERT_TRUE(server) << server.error().message;
  const auto client = connect_to(Protocol::kTcp, *local_port(server->get()), options);
  ASSERT_TRUE(client) << client.error().message;
  EXPECT_THAT(options_in_effect(Protocol::kTcp, client->get()),
              AllOf(Contains(Pair("local", "127.0.0.3")), Contains(Pair("remote", "127.0.0.2"))));
}

TEST(SocketOptions, SayThatAnAddressIsNotThisMachines) {
  const auto server = bind_server(Protocol::kTcp, 0, {.server_address = "192.0.2.1"});
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "--bind 192.0.2.1: this machine has no such address");
  const auto client = connect_to(Protocol::kUdp, 9, {.client_address = "192.0.2.1"});
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().message, "--bind 192.0.2.1: this machine has no such address");
}

}  // namespace
}  // namespace sockscope

#include "workloads/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <utility>

#include "base/child_process.h"
#include "tests/workloads/connected_ends.h"
#include "workloads/receive_timer.h"

namespace sockscope {
namespace {

constexpr uid_t kNobody = 65534;

std::uint16_t port_of(const UniqueFd& socket) { return local_port(socket.get()).value_or(0); }

int option(const UniqueFd& socket, int level, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(socket.get(), level, name, &value, &length) == 0 ? value : -1;
}

std::uint16_t peer_port_of(const UniqueFd& socket) {
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  // The sockets API is typed by sockaddr*.
  if (getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &length) != 0) return 0;  // NOLINT
  return ntohs(peer.sin_port);
}

class EitherProtocol : public testing::TestWithParam<Protocol> {};

INSTANTIATE_TEST_SUITE_P(Protocols, EitherProtocol, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return name_of_test(protocol.param); });

TEST_P(EitherProtocol, IsBoundToAFreePortWhenNoneIsAskedFor) {
  const auto first = bind_server(GetParam(), 0);
  const auto second = bind_server(GetParam(), 0);
  ASSERT_TRUE(first && second);
  EXPECT_NE(port_of(*first), 0);
  EXPECT_NE(port_of(*second), 0);
  EXPECT_NE(port_of(*first), port_of(*second));
}

TEST_P(EitherProtocol, IsBoundToThePortAskedFor) {
  auto free_port = bind_server(GetParam(), 0);
  ASSERT_TRUE(free_port) << free_port.error().message;
  const std::uint16_t port = port_of(*free_port);
  free_port->reset();
  const auto server = bind_server(GetParam(), port);
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ(port_of(*server), port);
}

TEST_P(EitherProtocol, SaysWhichPortIsTakenAndWhatToDo) {
  const auto first = bind_server(GetParam(), 0);
  ASSERT_TRUE(first) << first.error().message;
  const std::uint16_t port = port_of(*first);
  const auto second = bind_server(GetParam(), port);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(second.error().message,
            fmt::format("{} port {} on 127.0.0.1 is taken: choose another --port, or none for one that is free",
                        name_of(GetParam()), port));
}

TEST_P(EitherProtocol, SaysThatAPortNeedsPrivileges) {
  int first_unprivileged = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_unprivileged_port_start") >> first_unprivileged;
  if (first_unprivileged < 2) GTEST_SKIP() << "here every port is for everyone";
  auto answer = Pipe::open();
  ASSERT_TRUE(answer);
  const int write_end = answer->write_end.get();
  const Protocol protocol = GetParam();
  auto child = ChildProcess::run({.name = "ordinary user", .keep_fds = {write_end}}, [=] {
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 1;
    const auto server = bind_server(protocol, 1);
    const std::string said = server ? "bound" : server.error().message;
    return write(write_end, said.data(), said.size()) == std::ssize(said) ? 0 : 1;
  });
  ASSERT_TRUE(child) << child.error().message;
  ASSERT_EQ(child->wait({}), 0);
  std::array<char, 256> said{};
  ASSERT_GE(read(answer->read_end.get(), said.data(), said.size() - 1), 0);
  EXPECT_EQ(std::string(said.data()),
            fmt::format("{} port 1 on 127.0.0.1 needs privileges: choose a --port above 1023", name_of(protocol)));
}

TEST_P(EitherProtocol, ConnectsBothEndsToEachOther) {
  const ConnectedEnds ends(GetParam());
  EXPECT_EQ(peer_port_of(ends.client), port_of(ends.server));
  EXPECT_EQ(peer_port_of(ends.server), port_of(ends.client));
}

TEST_P(EitherProtocol, ClosesItsSocketsOnExec) {
  const ConnectedEnds ends(GetParam());
  EXPECT_EQ(fcntl(ends.client.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(fcntl(ends.server.get(), F_GETFD), FD_CLOEXEC);
}

TEST(TcpSocket, HoldsNoSmallSegmentBackAtEitherEnd) {
  const ConnectedEnds ends(Protocol::kTcp);
  EXPECT_EQ(option(ends.client, IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(ends.server, IPPROTO_TCP, TCP_NODELAY), 1);
}

TEST(TcpSocket, SaysWhereNobodyListens) {
  auto server = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(server) << server.error().message;
  const std::uint16_t port = port_of(*server);
  ASSERT_TRUE(connect_to(Protocol::kTcp, port));
  server->reset();
  const auto client = connect_to(Protocol::kTcp, port);
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(client.error().message,
            fmt::format("cannot connect to tcp port {} on 127.0.0.1: Connection refused", port));
}

// A listener whose backlog is full answers nobody: the first interruption does not end the attempt, the second does.
TEST(TcpSocket, GivesUpConnectingWhenItsTimeIsUp) {
  const auto server = bind_server(Protocol::kTcp, 0, {}, 0);
  ASSERT_TRUE(server) << server.error().message;
  const auto queued = connect_to(Protocol::kTcp, port_of(*server));
  ASSERT_TRUE(queued) << queued.error().message;
  const auto timer = ReceiveTimer::start(std::chrono::milliseconds{40});
  ASSERT_TRUE(timer) << timer.error().message;
  const auto start = std::chrono::steady_clock::now();
  const auto waiting = connect_to(Protocol::kTcp, port_of(*server));
  ASSERT_FALSE(waiting);
  EXPECT_EQ(waiting.error().message,
            fmt::format("cannot connect to tcp port {} on 127.0.0.1: no answer came in time: is its interface up?",
                        port_of(*server)));
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds{75});
}

TEST(TcpSocket, MayUseAPortAgainWhoseConnectionsAreInTimeWait) {
  auto server = bind_server(Protocol::kTcp, 0);
  ASSERT_TRUE(server) << server.error().message;
  const std::uint16_t port = port_of(*server);
  auto client = connect_to(Protocol::kTcp, port);
  auto accepted = accept_connection(server->get());
  ASSERT_TRUE(client && accepted);
  accepted->reset();  // Who closes first is the one that waits.
  client->reset();
  server->reset();
  const auto next = bind_server(Protocol::kTcp, port);
  EXPECT_TRUE(next) << next.error().message;
}

TEST(TcpSocket, ThatDoesNotListenAcceptsNothing) {
  const ConnectedEnds ends(Protocol::kTcp);
  const auto accepted = accept_connection(ends.client.get());
  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.error().message, "cannot accept a connection: Invalid argument");
}

TEST(UdpSocket, LeavesTheFirstDatagramInTheQueueWhenItConnectsBack) {
  auto server = bind_server(Protocol::kUdp, 0);
  ASSERT_TRUE(server) << server.error().message;
  auto client = connect_to(Protocol::kUdp, port_of(*server));
  ASSERT_TRUE(client) << client.error().message;
  ASSERT_EQ(write(client->get(), "hello", 5), 5);
  ASSERT_TRUE(connect_to_first_sender(server->get()));
  EXPECT_EQ(peer_port_of(*server), port_of(*client));
  std::array<char, 16> datagram{};
  ASSERT_EQ(recv(server->get(), datagram.data(), datagram.size(), MSG_DONTWAIT), 5);
  EXPECT_EQ(std::string(datagram.data()), "hello");
}

TEST(LocalPort, OfSomethingElseThanASocketIsAnError) {
  const UniqueFd no_socket(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const auto port = local_port(no_socket.get());
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(port.error().message, "cannot ask for the local port: Socket operation on non-socket");
}

TEST(DefaultCongestionControl, IsTheSystemsSetting) {
  std::string setting;
  if (!(std::ifstream("/proc/sys/net/ipv4/tcp_congestion_control") >> setting)) GTEST_SKIP() << "not to be read here";
  EXPECT_EQ(default_congestion_control(), setting);
}

}  // namespace
}  // namespace sockscope

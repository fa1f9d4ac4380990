#include "harness/open_sockets.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/unique_fd.h"

namespace sockscope {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), 0);  // NOLINT: the API
  return ntohs(address.sin_port);
}

/// On a free port of loopback.
UniqueFd bound(int type) {
  UniqueFd fd(socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);  // NOLINT: the API
  return fd;
}

void connect_to(int fd, std::uint16_t port) {
  const sockaddr_in address{
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);  // NOLINT: the API
}

OpenSocket ours_at(int fd) {
  const auto sockets = open_sockets_of(getpid());
  const auto found = std::ranges::find(sockets, fd, &OpenSocket::fd);
  return found == sockets.end() ? OpenSocket{} : *found;
}

TEST(OpenSockets, AreNamedByInodeWithProtocolAndPort) {
  const UniqueFd listener = bound(SOCK_STREAM);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const UniqueFd client = bound(SOCK_STREAM);
  connect_to(client.get(), port_of(listener.get()));
  const UniqueFd udp = bound(SOCK_DGRAM);
  EXPECT_THAT(open_sockets_of(getpid()), SizeIs(3));
  const OpenSocket waiting = ours_at(listener.get());
  EXPECT_EQ(waiting.protocol, Protocol::kTcp);
  EXPECT_EQ(waiting.port, port_of(listener.get()));
  EXPECT_TRUE(waiting.is_waiting);
  const OpenSocket connected = ours_at(client.get());
  EXPECT_EQ(connected.port, port_of(client.get()));
  EXPECT_FALSE(connected.is_waiting);
  EXPECT_NE(connected.inode, waiting.inode);
  const OpenSocket datagrams = ours_at(udp.get());
  EXPECT_EQ(datagrams.protocol, Protocol::kUdp);
  EXPECT_EQ(datagrams.port, port_of(udp.get()));
  EXPECT_TRUE(datagrams.is_waiting);
  connect_to(udp.get(), port_of(udp.get()));
  EXPECT_FALSE(ours_at(udp.get()).is_waiting);
}

TEST(OpenSockets, AreOneBehindTwoDescriptors) {
  const UniqueFd udp = bound(SOCK_DGRAM);
  const UniqueFd again(dup(udp.get()));
  EXPECT_EQ(ours_at(udp.get()).inode, ours_at(again.get()).inode);
  EXPECT_THAT(open_sockets_of(getpid()), SizeIs(2));
}

TEST(OpenSockets, AreNoneOfAProcessThatIsGone) { EXPECT_THAT(open_sockets_of(0x7ffffff0), IsEmpty()); }

}  // namespace
}  // namespace sockscope

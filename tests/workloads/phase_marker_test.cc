#include "workloads/phase_marker.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <span>
#include <tuple>

#include "tests/workloads/connected_ends.h"

namespace sockscope {
namespace {

std::optional<PhaseMarker> receive_marker(int socket) {
  std::array<std::byte, 64> datagram{};
  const ssize_t got = recv(socket, datagram.data(), datagram.size(), 0);
  return got < 0 ? std::nullopt : marker_of(std::span<const std::byte>(datagram).first(static_cast<std::size_t>(got)));
}

TEST(PhaseMarker, ComesOverWithItsCount) {
  const ConnectedEnds ends(Protocol::kUdp);
  ASSERT_TRUE(send_marker(ends.client.get(), {.phase = Phase::kMeasured, .sent = 123'456'789'012}));
  const auto came = receive_marker(ends.server.get());
  ASSERT_TRUE(came);
  EXPECT_EQ(came->phase, Phase::kMeasured);
  EXPECT_EQ(came->sent, 123'456'789'012U);
}

TEST(PhaseMarker, SaysThatTheReceiverIsGone) {
  ConnectedEnds ends(Protocol::kUdp);
  ends.server.reset();
  std::ignore = send_marker(ends.client.get(), {});  // It is the next one that is refused.
  const auto told = send_marker(ends.client.get(), {});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(told.error().message, "cannot send: Connection refused");
}

TEST(PhaseMarker, IsNoMessage) {
  std::array<std::byte, 16> message{std::byte{0xe0}, std::byte{1}};
  EXPECT_FALSE(marker_of(message)) << "though it begins like one";
  EXPECT_TRUE(marker_of(std::span<const std::byte>(message).first(PhaseMarker::kSize)));
  message[0] = std::byte{0};
  EXPECT_FALSE(marker_of(std::span<const std::byte>(message).first(PhaseMarker::kSize)));
}

}  // namespace
}  // namespace sockscope

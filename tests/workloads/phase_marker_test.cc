#include "workloads/phase_marker.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <span>
#include <thread>

#include "tests/workloads/connected_ends.h"

namespace sockscope {
namespace {

std::optional<PhaseMarker> receive_marker(int socket) {
  std::array<std::byte, 64> datagram{};
  const ssize_t got = recv(socket, datagram.data(), datagram.size(), 0);
  return got < 0 ? std::nullopt : marker_of(std::span<const std::byte>(datagram).first(static_cast<std::size_t>(got)));
}

TEST(PhaseMarker, ComesOverWithItsCountAndIsConfirmed) {
  const ConnectedEnds ends(Protocol::kUdp);
  std::optional<PhaseMarker> came;
  std::jthread receiver([&] {
    came = receive_marker(ends.server.get());
    if (came) confirm(ends.server.get(), *came);
  });
  const auto told = tell_phase_over(ends.client.get(), {.phase = Phase::kMeasured, .sent = 123'456'789'012});
  receiver.join();
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_TRUE(told->is_confirmed);
  ASSERT_TRUE(came);
  EXPECT_EQ(came->phase, Phase::kMeasured);
  EXPECT_EQ(came->sent, 123'456'789'012U);
}

TEST(PhaseMarker, IsSentAgainWhenItsConfirmationIsLostAndSaysSo) {
  const ConnectedEnds ends(Protocol::kUdp);
  std::optional<PhaseMarker> again;
  std::jthread receiver([&] {
    (void)receive_marker(ends.server.get());  // and does not confirm it
    again = receive_marker(ends.server.get());
    if (again) confirm(ends.server.get(), *again);
  });
  const auto told = tell_phase_over(ends.client.get(), {.phase = Phase::kWarmUp, .sent = 1});
  receiver.join();
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_TRUE(told->is_confirmed);
  ASSERT_TRUE(again);
  EXPECT_EQ(told->markers, 2U);
}

TEST(PhaseMarker, IsNotTakenForConfirmedByThatOfAnotherPhase) {
  const ConnectedEnds ends(Protocol::kUdp);
  confirm(ends.server.get(), {.phase = Phase::kWarmUp, .sent = 1});
  const auto told = tell_phase_over(ends.client.get(), {.phase = Phase::kMeasured, .sent = 1});
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_FALSE(told->is_confirmed);
}

TEST(PhaseMarker, SaysThatTheReceiverIsGone) {
  ConnectedEnds ends(Protocol::kUdp);
  ends.server.reset();
  const auto told = tell_phase_over(ends.client.get(), {});
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().kind, ErrorKind::kEnvironment);
  EXPECT_TRUE(told.error().message.ends_with("Connection refused")) << told.error().message;
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

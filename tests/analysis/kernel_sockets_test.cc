#include "analysis/kernel_sockets.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

constexpr bool kByProgram = true;
constexpr bool kByPacket = false;
constexpr std::uint64_t kListener = 0x10;
constexpr std::uint64_t kChild = 0x20;
constexpr std::uint64_t kClient = 0x30;
constexpr std::uint16_t kPort = 5000;

InetSockSetState change(std::uint64_t sk, std::int32_t from, std::int32_t to, std::uint16_t sport = 0) {
  return {.skaddr = sk, .oldstate = from, .newstate = to, .sport = sport, .is_tcp = true};
}

TEST(KernelSockets, AreTheProgramsFromTheirConnectToTheirClose) {
  KernelSockets sockets;
  EXPECT_TRUE(sockets.change(change(kClient, tcp_state::kClose, tcp_state::kSynSent), kByProgram));
  EXPECT_EQ(sockets.find(kClient), Protocol::kTcp);
  EXPECT_TRUE(sockets.change(change(kClient, tcp_state::kSynSent, tcp_state::kEstablished), kByPacket));
  EXPECT_TRUE(sockets.change(change(kClient, tcp_state::kEstablished, tcp_state::kClose), kByPacket));
  EXPECT_EQ(sockets.find(kClient), std::nullopt);
  EXPECT_FALSE(sockets.change(change(kClient, tcp_state::kClose, tcp_state::kSynSent), kByPacket));
}

TEST(KernelSockets, OfAListeningOneIncludeItsChildrenByPort) {
  KernelSockets sockets;
  EXPECT_FALSE(sockets.change(change(kChild, tcp_state::kListen, tcp_state::kSynRecv, kPort), kByPacket));
  EXPECT_TRUE(sockets.change(change(kListener, tcp_state::kClose, tcp_state::kListen, kPort), kByProgram));
  EXPECT_FALSE(sockets.change(change(kChild, tcp_state::kListen, tcp_state::kSynRecv, kPort + 1), kByPacket));
  EXPECT_TRUE(sockets.change(change(kChild, tcp_state::kListen, tcp_state::kSynRecv, kPort), kByPacket));
  EXPECT_TRUE(sockets.change(change(kListener, tcp_state::kListen, tcp_state::kClose, kPort), kByProgram));
  EXPECT_TRUE(sockets.change(change(kChild, tcp_state::kSynRecv, tcp_state::kEstablished, kPort), kByPacket));
  EXPECT_FALSE(sockets.change(change(0x40, tcp_state::kListen, tcp_state::kSynRecv, kPort), kByPacket));
}

TEST(KernelSockets, ListenOnOnePortUntilTheLastOfThemIsClosed) {
  KernelSockets sockets;
  for (const std::uint64_t sk : {kListener, kListener + 1}) {
    sockets.change(change(sk, tcp_state::kClose, tcp_state::kListen, kPort), kByProgram);
  }
  sockets.change(change(kListener, tcp_state::kListen, tcp_state::kClose, kPort), kByProgram);
  EXPECT_TRUE(sockets.change(change(kChild, tcp_state::kListen, tcp_state::kSynRecv, kPort), kByPacket));
}

TEST(KernelSockets, AreAnotherProgramsWhenItUsesTheirAddress) {
  KernelSockets sockets;
  EXPECT_EQ(sockets.add(0x50, Protocol::kUdp), 0U);
  EXPECT_EQ(sockets.find(0x50), Protocol::kUdp);
  sockets.add_unread(0x50);
  sockets.add_unread(0x50);
  EXPECT_EQ(sockets.add(0x50, Protocol::kUdp), 2U);
  EXPECT_EQ(sockets.add(0x50, Protocol::kUdp), 0U);
  sockets.add_unread(0x51);
  EXPECT_EQ(sockets.find(0x51), std::nullopt);
  sockets.remove(0x50);
  EXPECT_EQ(sockets.find(0x50), std::nullopt);
}

}  // namespace
}  // namespace sockscope

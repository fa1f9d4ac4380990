#include "analysis/socket_calls.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(SocketCalls, AreNumberedAsTheirMachineDoes) {
  EXPECT_EQ(socket_operation("x86_64", 41), SocketOperation::kSocket);
  EXPECT_EQ(socket_operation("aarch64", 198), SocketOperation::kSocket);
  EXPECT_EQ(socket_operation("x86_64", 288), SocketOperation::kAccept4);
  EXPECT_EQ(socket_operation("riscv64", 242), SocketOperation::kAccept4);
  EXPECT_EQ(socket_operation("x86_64", 33), SocketOperation::kDup2);
  EXPECT_EQ(socket_operation("aarch64", 33), std::nullopt);
  EXPECT_EQ(socket_operation("x86_64", 436), SocketOperation::kCloseRange);
  EXPECT_EQ(socket_operation("loongarch64", 436), SocketOperation::kCloseRange);
  EXPECT_EQ(socket_operation("x86_64", 231), SocketOperation::kExitGroup);
  EXPECT_EQ(socket_operation("x86_64", 307), SocketOperation::kTransfer);
  EXPECT_EQ(socket_operation("aarch64", 269), SocketOperation::kTransfer);
}

TEST(SocketCalls, AreNoneOnAMachineThatIsNotKnownAndForAnyOtherNumber) {
  EXPECT_EQ(socket_operation("i686", 41), std::nullopt);
  for (const std::int64_t number : {-1L, 0L, 1L, 44L, 100'000L}) {
    EXPECT_EQ(socket_operation("x86_64", number), std::nullopt) << number;
    EXPECT_EQ(socket_operation("aarch64", number), std::nullopt) << number;
  }
}

}  // namespace
}  // namespace sockscope

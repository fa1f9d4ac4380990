#include "workloads/microbench/ping_pong.h"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/monotonic_clock.h"
#include "workloads/microbench/connected_pair.h"

namespace sockscope {
namespace {

using ::testing::AnyOf;
using ::testing::TestWithParam;
using ::testing::ValuesIn;

class PingPongTest : public TestWithParam<Transport> {};

TEST_P(PingPongTest, BringsMessagesOfEverySizeBack) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{64}, std::size_t{1400}, std::size_t{60'000}}) {
    auto ping_pong = PingPong::start(GetParam(), size);
    ASSERT_TRUE(ping_pong) << ping_pong.error().message;
    for (int i = 0; i < 20; ++i) ASSERT_EQ(ping_pong->round_trip(), 0) << size << " bytes, round trip " << i;
  }
}

TEST_P(PingPongTest, SaysThatThePeerIsGone) {
  auto ping_pong = PingPong::start(GetParam(), 64);
  ASSERT_TRUE(ping_pong) << ping_pong.error().message;
  ASSERT_EQ(ping_pong->round_trip(), 0);
  const pid_t peer = ping_pong->tids()[1];
  kill(peer, SIGKILL);
  siginfo_t end{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(peer), &end, WEXITED | WNOWAIT), 0) << "its sockets are closed then";
  EXPECT_THAT(ping_pong->round_trip(), AnyOf(ECONNRESET, EPIPE, ECONNREFUSED));
}

TEST_P(PingPongTest, GivesUpOnAnAnswerThatDoesNotCome) {
  auto ping_pong = PingPong::start(GetParam(), 64);
  ASSERT_TRUE(ping_pong) << ping_pong.error().message;
  ASSERT_EQ(ping_pong->round_trip(), 0);
  kill(ping_pong->tids()[1], SIGSTOP);
  const std::uint64_t start = monotonic_now_ns();
  EXPECT_EQ(ping_pong->round_trip(), ETIMEDOUT);
  const std::chrono::nanoseconds waited{monotonic_now_ns() - start};
  EXPECT_GE(waited, PingPong::kPatience);
}

INSTANTIATE_TEST_SUITE_P(Transports, PingPongTest, ValuesIn(kTransports),
                         [](const auto& instance) { return std::string(name_of(instance.param)); });

}  // namespace
}  // namespace sockscope

#include "workloads/microbench/round_trip_work.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>

#include "base/cpu_list.h"
#include "base/monotonic_clock.h"

namespace sockscope {
namespace {

using ::testing::AnyOf;
using ::testing::Combine;
using ::testing::TestWithParam;
using ::testing::Values;
using ::testing::ValuesIn;

std::string word_of(std::string_view name) {
  std::string word(name);
  std::ranges::replace(word, '-', '_');
  return word;
}

std::unique_ptr<Work> started(RoundTripSpec spec) {
  const auto cpus = allowed_cpus();
  if (cpus.size() > 1) spec.other_cpu = cpus[1];
  auto work = round_trip(spec);
  EXPECT_TRUE(work) << work.error().message;
  return work ? std::move(*work) : nullptr;
}

class RoundTripOver : public TestWithParam<std::tuple<Transport, Placement>> {};

TEST_P(RoundTripOver, BringsMessagesOfEverySizeBack) {
  const auto [transport, placement] = GetParam();
  if (placement == Placement::kThreadsTwoCpus && allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU alone";
  for (const std::size_t size : {std::size_t{1}, std::size_t{8}, std::size_t{1'400}, std::size_t{65'536}}) {
    if (!can_carry(transport, size)) continue;
    const auto work = started({.transport = transport, .size = size, .placement = placement});
    ASSERT_NE(work, nullptr);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(work->once(), 0) << size << " bytes, round trip " << i;
    EXPECT_EQ(work->finish(), 0) << size << " bytes: what came back is not what was sent";
    EXPECT_EQ(work->tids().size(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(All, RoundTripOver,
                         Combine(ValuesIn(kTransports),
                                 Values(Placement::kThreadsOneCpu, Placement::kThreadsTwoCpus, Placement::kProcesses)),
                         [](const auto& instance) {
                           return word_of(fmt::format("{}_{}", name_of(std::get<0>(instance.param)),
                                                      name_of(std::get<1>(instance.param))));
                         });

class RoundTripWaitingBy : public TestWithParam<Waiting> {};

TEST_P(RoundTripWaitingBy, BringsMessagesBack) {
  const bool is_busy = GetParam() == Waiting::kBusy;
  if (is_busy && allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU alone";
  for (const Transport transport : {Transport::kTcp, Transport::kUdp}) {
    const auto work = started({.transport = transport,
                               .placement = is_busy ? Placement::kThreadsTwoCpus : Placement::kThreadsOneCpu,
                               .waiting = GetParam()});
    ASSERT_NE(work, nullptr);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(work->once(), 0) << name_of(transport) << ", round trip " << i;
    EXPECT_EQ(work->finish(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(All, RoundTripWaitingBy,
                         Values(Waiting::kBlock, Waiting::kPoll, Waiting::kEpollLevel, Waiting::kEpollEdge,
                                Waiting::kLowWater, Waiting::kBusy),
                         [](const auto& instance) { return word_of(name_of(instance.param)); });

TEST(RoundTrip, OnTwoCpusNeedsTwo) {
  const auto work = round_trip({.placement = Placement::kThreadsTwoCpus});
  ASSERT_FALSE(work);
  EXPECT_EQ(work.error().message, "there is no second CPU");
}

class RoundTripToAProcess : public TestWithParam<Transport> {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }
};

TEST_P(RoundTripToAProcess, SaysThatThePeerIsGone) {
  const auto work = started({.transport = GetParam(), .size = 8});
  ASSERT_NE(work, nullptr);
  ASSERT_EQ(work->once(), 0);
  const pid_t peer = work->tids()[1];
  kill(peer, SIGKILL);
  siginfo_t end{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(peer), &end, WEXITED | WNOWAIT), 0) << "its sockets are closed then";
  // An eventfd belongs to both: nothing tells that one of them is gone.
  EXPECT_THAT(work->once(), AnyOf(ECONNRESET, EPIPE, ECONNREFUSED, ETIMEDOUT));
}

TEST_P(RoundTripToAProcess, GivesUpOnAnAnswerThatDoesNotCome) {
  const auto work = started({.transport = GetParam(), .size = 8});
  ASSERT_NE(work, nullptr);
  ASSERT_EQ(work->once(), 0);
  kill(work->tids()[1], SIGSTOP);
  const std::uint64_t start = monotonic_now_ns();
  EXPECT_EQ(work->once(), ETIMEDOUT);
  EXPECT_GE(monotonic_now_ns() - start, 1'000'000'000U);
}

INSTANTIATE_TEST_SUITE_P(All, RoundTripToAProcess, ValuesIn(kTransports),
                         [](const auto& instance) { return word_of(name_of(instance.param)); });

}  // namespace
}  // namespace sockscope

#include "analysis/message_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace sockscope {
namespace {

using ::testing::ElementsAre;

constexpr std::optional<std::int64_t> kAbsent = std::nullopt;

/// Every event there is. send 300, device 100, backlog 200, receive 200, wake-up 400, deliver 200: 1400 in all.
const MessagePath kFull{.enter_ns = 1000,
                        .queue_ns = 1300,
                        .rx_ns = 1400,
                        .receive_ns = 1600,
                        .ready_ns = 1700,
                        .waking_ns = 1800,
                        .switch_ns = 2200,
                        .exit_ns = 2400};

std::int64_t sum_of(const StageTimes& times) {
  std::int64_t sum = 0;
  for (const auto& time : times) sum += time.value_or(0);
  return sum;
}

TEST(StagesOf, AFullPathAreAllSix) {
  EXPECT_THAT(stages_of(kFull), ElementsAre(300, 100, 200, 200, 400, 200));
  EXPECT_EQ(sum_of(stages_of(kFull)), 1400);
}

TEST(StagesOf, AWokenReceiverDoNotDependOnWhenItsDataWasReady) {
  MessagePath path = kFull;
  path.ready_ns = 0;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, 200, 400, 200));
}

TEST(StagesOf, AReceiverThatDidNotSleepMeetAtDataReady) {
  MessagePath path = kFull;
  path.waking_ns = path.switch_ns = 0;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, 100, kAbsent, 700));  // ready at 1700, exit at 2400
  EXPECT_EQ(sum_of(stages_of(path)), 1400);
}

TEST(StagesOf, AReceiverThatDidNotSleepLackReceiveWhereTheKernelDoesNotSayReady) {
  MessagePath path = kFull;
  path.waking_ns = path.switch_ns = path.ready_ns = 0;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, kAbsent, kAbsent, 800));  // 1600 to 2400
  EXPECT_EQ(sum_of(stages_of(path)), 1400);
}

TEST(StagesOf, AWakeUpWithoutASwitchInCountItAsDelivery) {
  MessagePath path = kFull;
  path.switch_ns = 0;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, 200, kAbsent, 600));  // 1800 to 2400
  EXPECT_EQ(sum_of(stages_of(path)), 1400);
}

TEST(StagesOf, ASwitchInWithoutAWakeUpIgnoreIt) {
  MessagePath path = kFull;
  path.waking_ns = 0;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, 100, kAbsent, 700));
}

TEST(StagesOf, EventsAtTheSameTimeAreZeroAndNotAbsent) {
  MessagePath path = kFull;
  path.rx_ns = path.queue_ns;
  EXPECT_THAT(stages_of(path), ElementsAre(300, 0, 300, 200, 400, 200));
  EXPECT_EQ(sum_of(stages_of(path)), 1400);
}

TEST(StagesOf, TimesThatMakeNoSenseAreNegative) {
  MessagePath path = kFull;
  path.rx_ns = 1250;  // Before it was queued.
  EXPECT_THAT(stages_of(path), ElementsAre(300, -50, 350, 200, 400, 200));
}

TEST(StagesOf, TimesOfAMachineUpForYearsAreExact) {
  constexpr std::uint64_t three_years = 94'608'000'000'000'000;
  MessagePath path = kFull;
  for (auto* time : {&path.enter_ns, &path.queue_ns, &path.rx_ns, &path.receive_ns, &path.ready_ns, &path.waking_ns,
                     &path.switch_ns, &path.exit_ns}) {
    *time += three_years;
  }
  EXPECT_THAT(stages_of(path), ElementsAre(300, 100, 200, 200, 400, 200));
}

TEST(MessagePath, IsCompleteWithoutWhatAReceiverThatDidNotSleepLacks) {
  MessagePath path = kFull;
  path.ready_ns = path.waking_ns = path.switch_ns = 0;
  EXPECT_TRUE(path.is_complete());
}

TEST(MessagePath, IsIncompleteWithoutAnyOfTheRest) {
  ASSERT_TRUE(kFull.is_complete());
  for (auto MessagePath::* const time :
       {&MessagePath::queue_ns, &MessagePath::rx_ns, &MessagePath::receive_ns, &MessagePath::exit_ns}) {
    MessagePath path = kFull;
    path.*time = 0;
    EXPECT_FALSE(path.is_complete());
  }
}

}  // namespace
}  // namespace sockscope

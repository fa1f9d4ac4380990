#include "analysis/thread_timeline.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

using enum ThreadTimeline::Source;

constexpr bool kVoluntary = false;
constexpr bool kInvoluntary = true;

/// Runs 100..250, sleeps 250..400, is runnable 400..430, runs 430..500, is preempted 500..560, runs 560..600, sleeps.
void live(ThreadTimeline& thread) {
  thread.switch_in(100, kSchedSwitch);
  thread.switch_out(250, kVoluntary);
  thread.waking(400);
  thread.switch_in(430, kSchedSwitch);
  thread.switch_out(500, kInvoluntary);
  thread.switch_in(560, kSchedSwitch);
  thread.switch_out(600, kVoluntary);
}

TEST(ThreadTimeline, AddsUpRunningRunnableAndSleeping) {
  ThreadTimeline thread;
  live(thread);
  EXPECT_EQ(thread.summary().running_ns, 260U);  // 150 + 70 + 40
  EXPECT_EQ(thread.summary().runnable_ns, 90U);  // 30 after the wake-up + 60 after the preemption
  EXPECT_EQ(thread.summary().sleeping_ns, 150U);
}

TEST(ThreadTimeline, CountsSwitchesByTheirKind) {
  ThreadTimeline thread;
  live(thread);
  EXPECT_EQ(thread.summary().traced.voluntary, 2U);
  EXPECT_EQ(thread.summary().traced.involuntary, 1U);
  EXPECT_EQ(thread.switch_ins(), 3U);
  EXPECT_EQ(thread.switch_ins_from_records(), 0U);
}

TEST(ThreadTimeline, MeasuresTheSchDelayOfWakeUpsOnly) {
  ThreadTimeline thread;
  live(thread);
  EXPECT_EQ(thread.summary().sch_delay.count(), 1U) << "coming back from a preemption is none";
  EXPECT_EQ(thread.summary().sch_delay.max(), 30U);
  EXPECT_EQ(thread.unmatched_wakeups(), 0U);
}

TEST(ThreadTimeline, MeasuresTheSchDelayFromTheFirstOfSeveralWakings) {
  ThreadTimeline thread;
  thread.switch_out(50, kVoluntary);
  thread.waking(100);
  thread.waking(150);
  thread.switch_in(200, kSchedSwitch);
  EXPECT_EQ(thread.summary().sch_delay.count(), 1U);
  EXPECT_EQ(thread.summary().sch_delay.max(), 100U);
  EXPECT_EQ(thread.summary().runnable_ns, 100U);
}

TEST(ThreadTimeline, CountsOnlyWhatLiesInItsWindow) {
  ThreadTimeline thread({.from_ns = 200, .to_ns = 450});
  live(thread);
  EXPECT_EQ(thread.summary().running_ns, 70U);  // 200..250 and 430..450
  EXPECT_EQ(thread.summary().runnable_ns, 30U);
  EXPECT_EQ(thread.summary().sleeping_ns, 150U);
  EXPECT_EQ(thread.summary().traced.voluntary, 1U);
  EXPECT_EQ(thread.summary().traced.involuntary, 0U);
  EXPECT_EQ(thread.switch_ins(), 1U);
  EXPECT_EQ(thread.summary().sch_delay.count(), 1U);
}

TEST(ThreadTimeline, CountsBothEndsOfItsWindow) {
  ThreadTimeline thread({.from_ns = 250, .to_ns = 500});
  live(thread);
  EXPECT_EQ(thread.summary().traced.voluntary, 1U);
  EXPECT_EQ(thread.summary().traced.involuntary, 1U);
  ThreadTimeline narrower({.from_ns = 251, .to_ns = 499});
  live(narrower);
  EXPECT_EQ(narrower.summary().traced.voluntary, 0U);
  EXPECT_EQ(narrower.summary().traced.involuntary, 0U);
}

TEST(ThreadTimeline, IsEmptyWhenItsWindowIsElsewhere) {
  ThreadTimeline thread({.from_ns = 1000, .to_ns = 2000});
  live(thread);
  EXPECT_EQ(thread.summary().running_ns, 0U);
  EXPECT_EQ(thread.summary().runnable_ns, 0U);
  EXPECT_EQ(thread.summary().sleeping_ns, 0U);
  EXPECT_EQ(thread.summary().traced.total(), 0U);
  EXPECT_EQ(thread.switch_ins(), 0U);
  EXPECT_TRUE(thread.summary().sch_delay.empty());
}

TEST(ThreadTimeline, DoesNotCountTimeBeforeItsFirstEvent) {
  ThreadTimeline thread;
  thread.switch_out(1'000'000, kVoluntary);
  EXPECT_EQ(thread.summary().running_ns, 0U);
  EXPECT_EQ(thread.summary().traced.voluntary, 1U);
}

TEST(ThreadTimeline, TakesASwitchInFromSchedSwitchWhenThatComesFirst) {
  ThreadTimeline thread;
  thread.switch_in(100, kSchedSwitch);
  thread.switch_in(104, kSwitchRecord);
  thread.switch_out(200, kVoluntary);
  EXPECT_EQ(thread.switch_ins(), 1U);
  EXPECT_EQ(thread.switch_ins_from_records(), 0U);
  EXPECT_EQ(thread.summary().running_ns, 100U);
}

TEST(ThreadTimeline, TakesASwitchInFromTheRecordWhenThatComesFirst) {
  ThreadTimeline thread;
  thread.switch_in(100, kSwitchRecord);
  thread.switch_in(104, kSchedSwitch);
  thread.switch_out(200, kVoluntary);
  EXPECT_EQ(thread.switch_ins(), 1U);
  EXPECT_EQ(thread.switch_ins_from_records(), 1U);
  EXPECT_EQ(thread.summary().running_ns, 100U);
}

TEST(ThreadTimeline, TakesASwitchInFromTheRecordWhenThereIsNothingElse) {
  ThreadTimeline thread;
  thread.switch_out(50, kVoluntary);
  thread.waking(80);
  thread.switch_in(100, kSwitchRecord);
  EXPECT_EQ(thread.switch_ins(), 1U);
  EXPECT_EQ(thread.switch_ins_from_records(), 1U);
  EXPECT_EQ(thread.summary().sch_delay.max(), 20U);
}

// The thread was about to sleep, and the wake-up came before it had left its CPU.
TEST(ThreadTimeline, IgnoresTheWakingOfARunningThread) {
  ThreadTimeline thread;
  thread.switch_in(100, kSchedSwitch);
  thread.waking(150);
  thread.switch_out(200, kInvoluntary);
  thread.switch_in(300, kSchedSwitch);
  EXPECT_EQ(thread.summary().running_ns, 100U);
  EXPECT_EQ(thread.summary().runnable_ns, 100U);
  EXPECT_TRUE(thread.summary().sch_delay.empty());
  EXPECT_EQ(thread.unmatched_wakeups(), 0U);
}

TEST(ThreadTimeline, CountsAWakingThatBroughtItOntoNoCpu) {
  ThreadTimeline thread;
  thread.switch_out(50, kVoluntary);
  thread.waking(100);
  thread.switch_out(200, kVoluntary);  // Its switch-in was not recorded.
  thread.waking(300);
  thread.switch_in(310, kSchedSwitch);
  EXPECT_EQ(thread.unmatched_wakeups(), 1U);
  EXPECT_EQ(thread.summary().sch_delay.count(), 1U);
  EXPECT_EQ(thread.summary().sch_delay.max(), 10U);
}

TEST(ThreadTimeline, CountsMigrationsInItsWindow) {
  ThreadTimeline thread({.from_ns = 100, .to_ns = 200});
  for (const std::uint64_t time_ns : {99U, 100U, 200U, 201U}) thread.migrated(time_ns);
  EXPECT_EQ(thread.summary().migrations, 2U);
}

TEST(ThreadTimeline, HasTheLastNameItWasGiven) {
  ThreadTimeline thread;
  EXPECT_EQ(thread.summary().comm, "");
  thread.named("sh");
  thread.named("nc");
  EXPECT_EQ(thread.summary().comm, "nc");
}

}  // namespace
}  // namespace sockscope

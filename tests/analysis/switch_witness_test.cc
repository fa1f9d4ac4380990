#include "analysis/switch_witness.h"

#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

constexpr std::int32_t kOtherTid = 900;

SwitchWitness witness_of(const EventLog& log) {
  StoryContext context;
  SwitchWitness witness;
  for (const Event& event : log) {
    witness.on(event, context);
    context.on(event);
  }
  return witness;
}

TEST(SwitchWitness, SeesThatSwitchesAreMissing) {
  EventLog log;
  log.in(kServerTid).switch_to(10, kOtherTid).switch_to(20, kClientTid).switch_to(30, kOtherTid);
  EXPECT_FALSE(witness_of(log).lacks_switches());
  log.in(kServerTid).switch_to(50, kClientTid);
  EXPECT_TRUE(witness_of(log).lacks_switches()) << "kOtherTid had got the CPU at 30";
}

TEST(SwitchWitness, BelievesThatIdleTasksGoUnseen) {
  EventLog log;
  log.in(kServerTid).switch_to(10, 0).switch_to(20, kClientTid).switch_to(30, 0);
  log.in(kServerTid).switch_to(50, kClientTid);
  EXPECT_FALSE(witness_of(log).lacks_switches());
}

TEST(SwitchWitness, NamesATaskByTheLatestSwitchFromIt) {
  EventLog log;
  constexpr std::string_view padded("hog\0\0rest", 9);
  log.add(10, SchedSwitch{.prev_pid = kOtherTid, .next_pid = kClientTid, .prev_comm = "before"});
  log.add(20, SchedSwitch{.prev_pid = kOtherTid, .next_pid = kClientTid, .prev_comm = padded});
  EXPECT_EQ(witness_of(log).name_of(kOtherTid), "hog");
  EXPECT_EQ(witness_of(log).name_of(kClientTid), "");
}

}  // namespace
}  // namespace sockscope

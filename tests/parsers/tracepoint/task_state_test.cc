#include "parsers/tracepoint/task_state.h"

#include <gtest/gtest.h>

#include <string_view>

#include "tests/parsers/tracepoint/format_samples.h"

namespace sockscope::tracepoint {
namespace {

TaskState state_of(std::string_view print_fmt) {
  Format format;
  format.print_fmt = print_fmt;
  return TaskState::of(format);
}

TEST(TaskState, OfLinux618) {
  const TaskState state = TaskState::of(OneFormat(sched_switch_6_18(), "sched").format);
  EXPECT_TRUE(state.mask_is_known());
  EXPECT_EQ(state.mask(), 0xffU);
  EXPECT_TRUE(state.is_involuntary(0));
  EXPECT_TRUE(state.is_involuntary(0x100));
  EXPECT_FALSE(state.is_involuntary(1));
  EXPECT_FALSE(state.is_involuntary(0x80));
  EXPECT_FALSE(state.is_involuntary(0x82));
  EXPECT_EQ(state.text(0), "R");
  EXPECT_EQ(state.text(0x100), "R+");
  EXPECT_EQ(state.text(1), "S");
  EXPECT_EQ(state.text(0x82), "D|I");
}

// 4.9: the states end at TASK_STATE_MAX, which is also the mark of preemption.
TEST(TaskState, OfLinux409) {
  const TaskState state = state_of(
      R"("prev_state=%s%s", REC->prev_state & (2048-1) ? __print_flags(REC->prev_state & (2048-1), "|", { 1, "S"} )"
      ", "
      R"({ 2, "D" }, { 4, "T" }, { 8, "t" }, { 16, "Z" }, { 32, "X" }, { 64, "x" }, { 128, "K" }, )"
      R"({ 256, "W" }, { 512, "P" }, { 1024, "N" }) : "R", REC->prev_state & 2048 ? "+" : "")");
  EXPECT_TRUE(state.mask_is_known());
  EXPECT_EQ(state.mask(), 0x7ffU);
  EXPECT_TRUE(state.is_involuntary(0));
  EXPECT_TRUE(state.is_involuntary(2048));
  EXPECT_FALSE(state.is_involuntary(1024));
  EXPECT_FALSE(state.is_involuntary(256));
  EXPECT_EQ(state.text(2048), "R+");
  EXPECT_EQ(state.text(2 | 128), "D|K");
}

TEST(TaskState, WithoutAMaskTheFlagsAreTheMask) {
  const TaskState state =
      state_of(R"("%s", REC->prev_state ? __print_flags(REC->prev_state, "|", { 1, "S" }, { 2, "D" }) : "R")");
  EXPECT_TRUE(state.mask_is_known());
  EXPECT_EQ(state.mask(), 3U);
}

TEST(TaskState, FallsBackOnTheDefault) {
  for (const char* print_fmt : {"", R"("%ld", REC->prev_state)", "REC->prev_state & (TASK_STATE_MAX-1)",
                                "REC->prev_state & (0)", "REC->prev_state & (1 / 0)", "REC->prev_state & ("}) {
    const TaskState state = state_of(print_fmt);
    EXPECT_FALSE(state.mask_is_known()) << print_fmt;
    EXPECT_EQ(state.mask(), TaskState::kDefaultMask) << print_fmt;
  }
}

TEST(TaskState, PrintsStatesWithoutANameAsANumber) {
  EXPECT_EQ(TaskState().text(0x42), "0x42");
  EXPECT_EQ(TaskState().text(0x100), "R+");
}

}  // namespace
}  // namespace sockscope::tracepoint

#include "analysis/story_context.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

constexpr std::int32_t kOtherTid = 900;

EventLog sample_log() {
  EventLog log;
  log.in(kServerTid).recv(10, kServerFd).switch_to(20, kOtherTid).switch_to(30, kClientTid);
  log.in(kClientTid).other_call(50).recv(60, kClientFd);
  return log;
}

StoryContext context_of(const EventLog& log) {
  StoryContext context;
  for (const Event& event : log) context.on(event);
  return context;
}

TEST(StoryContext, HasTheLastOfEachKind) {
  const StoryContext context = context_of(sample_log());
  EXPECT_EQ(context.last_switch(0)->time_ns, 30U);
  EXPECT_EQ(context.last_switch(1), nullptr);
  EXPECT_EQ(context.thread(kServerTid)->call.time_ns, 10U);
  EXPECT_EQ(context.thread(kServerTid)->absence.time_ns, 20U);
  EXPECT_TRUE(context.thread(kServerTid)->has_absence);
  EXPECT_EQ(context.thread(kClientTid)->call.time_ns, 60U);
  EXPECT_FALSE(context.thread(kClientTid)->has_absence) << "it came at 30";
  EXPECT_EQ(context.thread(1), nullptr);
}

TEST(StoryContext, GoesOnFromAMomentWithWhatItIsAbout) {
  const StoryContext::Moment moment = context_of(sample_log()).moment();
  EXPECT_EQ(moment.switches.size(), 1U);
  EXPECT_EQ(moment.threads.size(), 3U);
  StoryContext some(std::array{kServerTid});
  EventLog log;
  log.in(kServerTid).other_call(1);
  for (const Event& event : log) some.on(event);
  some.go_on_from(moment);
  EXPECT_EQ(some.last_switch(0)->time_ns, 30U);
  EXPECT_EQ(some.thread(kServerTid)->call.time_ns, 10U);
  EXPECT_EQ(some.thread(kClientTid), nullptr);
  some.go_on_from({});
  EXPECT_EQ(some.last_switch(0), nullptr);
  EXPECT_FALSE(some.thread(kServerTid)->has_call);
}

TEST(StoryContext, SaysWhenThereAreMoreThreadsThanItKeeps) {
  StoryContext context;
  StoryContext of_one(std::array{std::int32_t{1}});
  EventLog log;
  for (std::int32_t tid = 1; tid <= 8192; ++tid) log.in(tid).other_call(10);
  for (const Event& event : log) context.on(event);
  EXPECT_TRUE(context.is_complete());
  EventLog one_more;
  one_more.in(8193).other_call(20);
  for (const Event& event : one_more) {
    context.on(event);
    of_one.on(event);
  }
  EXPECT_FALSE(context.is_complete());
  EXPECT_TRUE(of_one.is_complete());
}

}  // namespace
}  // namespace sockscope

#include "analysis/story_collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr std::int32_t kOtherTid = 900;

ExchangeStory story_between(std::uint64_t from_ns, std::uint64_t to_ns) {
  ExchangeStory story;
  story.exchange.client_tid = kClientTid;
  story.exchange.server_tid = kServerTid;
  story.exchange.request = MessagePath{.enter_ns = from_ns, .exit_ns = to_ns};
  return story;
}

void collect(std::vector<ExchangeStory*> stories, const EventLog& log) {
  StoryCollector collector(std::move(stories));
  StoryContext context;
  SwitchWitness witness;
  for (const Event& event : log) {
    collector.on(event);
    witness.on(event, context);
    context.on(event);
  }
  collector.finish(witness);
}

std::vector<std::uint64_t> times_of(const ExchangeStory& story) {
  std::vector<std::uint64_t> times;
  times.reserve(story.events.size());
  for (const Event& event : story.events) times.push_back(event.time_ns);
  return times;
}

TEST(StoryCollector, TakesWhatHappenedMeanwhileItsEndsIncluded) {
  EventLog log;
  log.in(kOtherTid).queue(99, 1, 100).queue(100, 2, 100).queue(150, 3, 100).queue(200, 4, 100).queue(201, 5, 100);
  ExchangeStory story = story_between(100, 200);
  collect({&story}, log);
  EXPECT_THAT(times_of(story), ElementsAre(100, 150, 200));
}

TEST(StoryCollector, BeginsWithTheLastSwitchOfEachCpuAndTheLastCallsOfTheEnds) {
  EventLog log;
  log.in(kServerTid).recv(10, kServerFd).switch_to(20, kOtherTid).switch_to(30, 0).switch_to(40, kOtherTid);
  log.in(kClientTid).other_call(50).recv(60, kClientFd);
  log.queue(100, 1, 100);
  ExchangeStory story = story_between(100, 200);
  collect({&story}, log);
  EXPECT_THAT(times_of(story), ElementsAre(10, 20, 40, 60, 100)) << "20 is when the server left its CPU";
}

TEST(StoryCollector, LeavesOutTheSystemCallsOfOthers) {
  EventLog log;
  log.in(kOtherTid).other_call(110).exit(120, 0);
  log.in(kClientTid).other_call(130).exit(140, 0);
  ExchangeStory story = story_between(100, 200);
  collect({&story}, log);
  EXPECT_THAT(times_of(story), ElementsAre(130, 140));
}

TEST(StoryCollector, ServesStoriesThatOverlap) {
  EventLog log;
  log.in(kClientTid).queue(100, 1, 100).queue(150, 2, 100).queue(250, 3, 100);
  ExchangeStory first = story_between(100, 200);
  ExchangeStory second = story_between(120, 300);
  collect({&second, &first}, log);
  EXPECT_THAT(times_of(first), ElementsAre(100, 150));
  EXPECT_THAT(times_of(second), ElementsAre(150, 250));
}

TEST(StoryCollector, NamesItsThreadsByWhatTheySwitchFromEvenLater) {
  EventLog log;
  log.in(kClientTid).switch_to(150, kOtherTid);
  constexpr std::string_view padded("hog\0\0rest", 9);
  log.add(300, SchedSwitch{.prev_pid = kOtherTid, .next_pid = kClientTid, .prev_comm = padded});
  log.in(kClientTid).add(400, SchedSwitch{.prev_pid = kClientTid, .next_pid = 0, .prev_comm = "echo"});
  ExchangeStory story = story_between(100, 200);
  collect({&story}, log);
  EXPECT_THAT(story.names, UnorderedElementsAre(Pair(kClientTid, "echo"), Pair(kOtherTid, "hog")));
  EXPECT_EQ(std::get<SchedSwitch>(story.events.front().body).prev_comm, "");
}

TEST(StoryCollector, KeepsTheFirstAndTheLastOfMoreEventsThanItMayAndAllThatConcernTheEnds) {
  constexpr std::uint64_t half = StoryCollector::kMostEvents / 2;
  EventLog log;
  for (std::uint64_t i = 0; i < 2 * half + 3; ++i) log.in(kOtherTid).queue(100 + 10 * i, i, 100);
  EventLog of_ends;
  of_ends.in(kClientTid).queue(105, 1, 100);
  of_ends.in(kOtherTid).waking(100 + 10 * half + 5, kServerTid);  // while the three that are left out come
  of_ends.in(kServerTid).other_call(100 + 10 * half + 15);
  ExchangeStory story = story_between(100, 1'000'000);
  collect({&story}, log.with(of_ends));
  EXPECT_EQ(story.events.size(), 2 * half + 3);
  EXPECT_EQ(story.events_left_out, 3U);
  EXPECT_EQ(story.gap_from_ns, 100 + 10 * (half - 1));
  EXPECT_EQ(story.gap_to_ns, 100 + 10 * (half + 3));
  EXPECT_EQ(story.left_out_at, half + 1);
  EXPECT_EQ(story.events[half].time_ns, story.gap_from_ns);
  EXPECT_EQ(story.events[half + 1].time_ns, 100 + 10 * half + 5);
  EXPECT_EQ(story.events[half + 2].time_ns, 100 + 10 * half + 15);
  EXPECT_EQ(story.events[half + 3].time_ns, story.gap_to_ns);
  EXPECT_EQ(story.events.back().time_ns, 100 + 10 * (2 * half + 2));
}

}  // namespace
}  // namespace sockscope

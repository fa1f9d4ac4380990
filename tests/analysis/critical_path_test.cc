// Each cause by a log of events that has it; every path must add up to the nanosecond.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analysis/exchange_story.h"
#include "analysis/story_collector.h"
#include "analysis/trace_analysis.h"
#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

constexpr std::int32_t kHogTid = 700;
constexpr std::int32_t kSoftirqTid = 15;
constexpr std::int32_t kIdle = 0;
constexpr std::uint32_t kAckLength = 66;

std::string words_of(const PathSegment& segment) {
  std::string words = fmt::format("{} {} {} {}", name_of(segment.direction), name_of(segment.stage),
                                  segment.duration_ns(), name_of(segment.cause));
  if (segment.who != segment.task) words += fmt::format(" by {}", segment.who);
  if (!segment.is_certain) words += " perhaps";
  if (segment.is_migrated) words += " migrated";
  return words;
}

std::vector<std::string> words_of(const std::vector<PathSegment>& path) {
  std::vector<std::string> words;
  words.reserve(path.size());
  for (const PathSegment& segment : path) words.push_back(words_of(segment));
  return words;
}

/// The story of the exchange in the log that was told last.
ExchangeStory story_of(const EventLog& log, Protocol protocol = Protocol::kTcp) {
  ExchangeStory story;
  TraceAnalysis analysis(known_flow(protocol));
  analysis.tell([&story](const Exchange& exchange) { story.exchange = exchange; });
  for (const Event& event : log) analysis.on(event);
  static_cast<void>(analysis.result());
  StoryCollector collector({&story});
  for (const Event& event : log) collector.on(event);
  collector.finish({});
  story.segments = critical_path(story);
  return story;
}

/// Of a path that adds up, as every one must.
std::vector<std::string> path_of(const ExchangeStory& story) {
  std::uint64_t at = story.exchange.begin_ns();
  for (const PathSegment& segment : story.segments) {
    EXPECT_EQ(segment.from_ns, at) << words_of(segment);
    EXPECT_LT(segment.from_ns, segment.to_ns) << words_of(segment);
    at = segment.to_ns;
  }
  EXPECT_EQ(at, story.exchange.end_ns());
  return words_of(story.segments);
}

std::vector<std::string> path_of(const EventLog& log, Protocol protocol = Protocol::kTcp) {
  return path_of(story_of(log, protocol));
}

std::string culprit_of(const EventLog& log) {
  const ExchangeStory story = story_of(log);
  static_cast<void>(path_of(story));
  const std::vector<PathSegment> median = story_of(ping_pong(Protocol::kTcp)).segments;
  return words_of(story.segments[culprit_of(story.segments, median)]);
}

/// A request of which the server's wake-up, from 1800 on, goes as `wake_up` says. The server gets a CPU at 6'000'000.
EventLog woken_late(const EventLog& wake_up) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd).switch_to(950, kIdle);
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .softirq(1500)
      .receive(1600, kRequestSkb)
      .ready(1700, kServerSk)
      .waking(1800, kServerTid)
      .exit(2000, 64);
  EventLog rest;
  rest.in(kServerTid).exit(6'000'200, 64);
  return log.with(wake_up).with(rest);
}

TEST(CriticalPath, OfAnOrdinaryRoundTripIsItsStages) {
  EXPECT_THAT(path_of(ping_pong(Protocol::kTcp)),
              ElementsAre("request send 300 running", "request device 100 running",
                          "request backlog 100 softirq-delayed", "request backlog 100 running",
                          "request receive 200 running by 100", "request wake-up 400 other-task by 100 perhaps",
                          "request deliver 200 running", "server turn-around 200 running", "response send 300 running",
                          "response device 150 running", "response backlog 100 softirq-delayed",
                          "response backlog 100 running", "response receive 150 running by 200",
                          "response wake-up 400 other-task by 200", "response deliver 200 running"));
}

TEST(CriticalPath, OfTheSecondRoundTripKnowsWhoHadTheCpuBefore) {
  EXPECT_THAT(path_of(ping_pong(Protocol::kTcp, 2)), Contains("request wake-up 400 other-task by 100"));
}

TEST(CriticalPath, NamesTheTaskThatHadTheCpuOfAWokenReceiver) {
  EventLog hog;
  hog.in(kIdle).switch_to(1750, kHogTid);
  hog.switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(hog)), Contains("request wake-up 5998200 other-task by 700"));
  EXPECT_EQ(culprit_of(woken_late(hog)), "request wake-up 5998200 other-task by 700");
}

TEST(CriticalPath, NamesEachOfSeveralTasksThatHadIt) {
  EventLog tasks;
  tasks.in(kIdle).switch_to(1750, kHogTid);
  tasks.switch_to(1'000'000, kSoftirqTid).switch_to(1'500'000, kHogTid).switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(tasks)),
              IsSupersetOf({"request wake-up 998200 other-task by 700", "request wake-up 500000 other-task by 15",
                            "request wake-up 4500000 other-task by 700"}));
  EXPECT_EQ(culprit_of(woken_late(tasks)), "request wake-up 4500000 other-task by 700");
}

// In a recording with filters: the switch to it, from the idle task, is one between other tasks.
TEST(CriticalPath, SaysThatItIsNotKnownSinceWhenATaskHadTheCpu) {
  EventLog hog;
  hog.in(kHogTid).switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(hog)), Contains("request wake-up 5998200 other-task by 700 perhaps"));
}

TEST(CriticalPath, KnowsItByTheRecordsOfSwitchesWhereTheTracepointIsBlind) {
  EventLog hog;
  hog.in(kHogTid).switch_in(1790).switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(hog)), Contains("request wake-up 5998200 other-task by 700"));
}

TEST(CriticalPath, NamesAnIdleCpuThatTookItsTime) {
  EventLog idle;
  idle.in(kIdle).switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(idle)), Contains("request wake-up 5998200 idle-cpu by 0"));
}

TEST(CriticalPath, SaysThatAWokenTaskWasMoved) {
  EventLog moved;
  moved.in(kClientTid).migrate(1850, kServerTid).in(kIdle).switch_to(6'000'000, kServerTid);
  EXPECT_THAT(path_of(woken_late(moved)), Contains("request wake-up 5998200 idle-cpu by 0 migrated"));
}

TEST(CriticalPath, SaysThatItHasNotGotWhoHadTheCpu) {
  EventLog nothing;
  nothing.in(kServerTid).add(6'000'000, SwitchIn{.tid = kServerTid});
  const EventLog log = woken_late(nothing).without<SchedSwitch>();
  EXPECT_THAT(path_of(log), Contains("request wake-up 5998200 unknown-task by 0 perhaps"));
}

TEST(CriticalPath, NamesWhoPreemptedTheServerAndForHowLong) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log);
  EventLog preempted;
  preempted.in(kServerTid).switch_to(2450, kHogTid, true).switch_to(2550, kServerTid);
  // Between the request's end at 2400 and the response's begin at 2600.
  EXPECT_THAT(path_of(log.with(preempted)),
              IsSupersetOf({"server turn-around 50 running", "server turn-around 100 preempted by 700"}));
}

TEST(CriticalPath, TellsSleepFromWaitingForACpu) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log);
  EventLog slept;
  slept.in(kServerTid).switch_to(2420, kHogTid);
  slept.waking(2500, kServerTid).switch_to(2580, kServerTid);
  EXPECT_THAT(path_of(log.with(slept)),
              IsSupersetOf({"server turn-around 80 blocked", "server turn-around 80 other-task by 700"}));
}

TEST(CriticalPath, NamesAFullSendBuffer) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log);
  EventLog slept;
  slept.in(kClientTid).switch_to(1050, kIdle).waking(1200, kClientTid).switch_to(1250, kClientTid);
  EXPECT_THAT(path_of(log.with(slept)), IsSupersetOf({"request send 50 running", "request send 150 send-buffer-full",
                                                      "request send 50 idle-cpu by 0"}));
}

TEST(CriticalPath, NamesAReceiverThatWasBusyWithSomethingElse) {
  EventLog log;
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .ready(1700, kServerSk)
      .exit(2000, 64);
  log.in(kServerTid).recv(9000, kServerFd).exit(9300, 64);
  EXPECT_THAT(path_of(log), ElementsAre("request send 300 running", "request device 100 running",
                                        "request backlog 200 running", "request receive 100 running by 100",
                                        "request deliver 7300 receiver-away", "request deliver 300 running"));
}

// It is woken by a timer, long after the message came.
TEST(CriticalPath, NamesAReceiverThatSleptElsewhere) {
  EventLog log;
  log.in(kServerTid).other_call(900).switch_to(950, kIdle);
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .ready(1700, kServerSk)
      .exit(2000, 64);
  log.in(kIdle).waking(8000, kServerTid).switch_to(8100, kServerTid);
  log.exit(8200, 0).recv(8300, kServerFd).exit(8400, 64);
  EXPECT_THAT(path_of(log), IsSupersetOf({"request receive 100 running by 100", "request receive 6300 blocked",
                                          "request wake-up 100 idle-cpu by 0", "request deliver 300 running"}));
}

TEST(CriticalPath, NamesKsoftirqdThatTheSoftirqWasLeftTo) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid).send(1000, kClientFd, 64).queue(1300, kRequestSkb, 130).rx(1400, kRequestSkb).exit(1500, 64);
  log.switch_to(1600, kSoftirqTid)
      .softirq(4000)
      .receive(4100, kRequestSkb)
      .ready(4200, kServerSk)
      .waking(4300, kServerTid)
      .switch_to(4400, kServerTid)
      .exit(4500, 64);
  EXPECT_THAT(path_of(log), Contains("request backlog 2700 ksoftirqd by 15"));
}

TEST(CriticalPath, NamesASoftirqThatBeganLate) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .softirq(7400)
      .receive(7500, kRequestSkb)
      .ready(7600, kServerSk)
      .waking(7700, kServerTid)
      .exit(7800, 64)
      .switch_to(7900, kServerTid)
      .exit(8000, 64);
  EXPECT_THAT(path_of(log), Contains("request backlog 6000 softirq-delayed"));
}

TEST(CriticalPath, NamesASocketInUse) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .exit(1700, 64);
  log.in(kServerTid).probe(5000, kRequestSkb, kServerSk, 64).ready(5100, kServerSk).exit(5200, 64);
  EXPECT_THAT(path_of(log), Contains("request receive 3500 socket-in-use"));
}

/// A second request, which TCP keeps from the end of its call at 2100 to `queued`.
EventLog held_back(std::uint64_t queued, std::uint32_t length, const EventLog& meanwhile) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log, {.start_ns = 1000});
  log.in(kClientTid).send(10'000, kClientFd, 64).sock(10'050, kClientSk, Protocol::kTcp).exit(10'100, 64);
  EventLog rest;
  rest.in(kIdle)
      .queue(queued, 0xf000, length)
      .rx(queued + 100, 0xf000)
      .softirq(queued + 150)
      .receive(queued + 200, 0xf000)
      .probe(queued + 250, 0xf000, kServerSk, 64)
      .ready(queued + 300, kServerSk)
      .waking(queued + 400, kServerTid)
      .switch_to(queued + 500, kServerTid)
      .exit(queued + 600, 64);
  return log.with(meanwhile).with(rest);
}

TEST(CriticalPath, NamesNaglesAlgorithmThatWaitedForADelayedAcknowledgement) {
  EventLog acknowledgement;
  acknowledgement.in(kIdle).queue(40'010'100, 0xe000, kAckLength);
  EXPECT_THAT(path_of(held_back(40'020'100, 130, acknowledgement)),
              IsSupersetOf({"request send 100 running", "request send 40000000 delayed-ack by 200",
                            "request send 10000 nagle by 200"}));
}

TEST(CriticalPath, NamesNaglesAlgorithmAloneIfTheAcknowledgementCameSoon) {
  EventLog acknowledgement;
  acknowledgement.in(kIdle).queue(10'500, 0xe000, kAckLength);
  EXPECT_THAT(path_of(held_back(10'600, 130, acknowledgement)), Contains("request send 500 nagle by 200"));
}

TEST(CriticalPath, TellsADelayedAcknowledgementByItsTimeWhereItWasNotRecorded) {
  EXPECT_THAT(path_of(held_back(40'010'100, 130, {})), Contains("request send 40000000 delayed-ack by 200 perhaps"));
}

TEST(CriticalPath, TakesALongSegmentThatWasHeldBackForAFullWindow) {
  EXPECT_THAT(path_of(held_back(40'010'100, 30'000, {})), Contains("request send 40000000 window"));
}

TEST(CriticalPath, NamesARetransmission) {
  EventLog retransmit;
  retransmit.in(kIdle).add(200'010'000, TcpRetransmitSkb{});
  EXPECT_THAT(path_of(held_back(200'010'100, 130, retransmit)), Contains("request send 200000000 retransmit"));
}

PathSegment part(std::uint64_t from_ns, std::uint64_t to_ns, Stage stage, std::int32_t who = 0) {
  return {.from_ns = from_ns, .to_ns = to_ns, .stage = stage, .who = who};
}

TEST(Culprit, IsWhatIsLongAgainstTheMedianAndNotWhatIsLongest) {
  const std::vector median{part(0, 100, Stage::kSend), part(100, 900, Stage::kWakeUp)};
  const std::vector slow{part(0, 850, Stage::kSend), part(850, 1800, Stage::kWakeUp)};
  EXPECT_EQ(culprit_of(slow, median), 0U) << "750 more than usual, and 150";
  EXPECT_EQ(culprit_of(slow, {}), 1U);
}

TEST(Culprit, IsWhatIsLongestWhereAllAreSlowAlike) {
  const std::vector median{part(0, 100, Stage::kSend), part(100, 900, Stage::kWakeUp)};
  const std::vector slow{part(0, 849, Stage::kSend), part(849, 1799, Stage::kWakeUp)};
  EXPECT_EQ(culprit_of(slow, median), 1U) << "not twice as long";
}

// Two hundred turns of two tasks are longer than one turn of a third.
TEST(Culprit, IsWhoTookMostOfItInAll) {
  std::vector<PathSegment> path{part(0, 150, Stage::kWakeUp, 3)};
  for (std::uint64_t at = 150; at < 550; at += 2) {
    path.push_back(part(at, at + 1, Stage::kWakeUp, 1));
    path.push_back(part(at + 1, at + 2, Stage::kWakeUp, 2));
  }
  EXPECT_EQ(path[culprit_of(path, {})].who, 1);
}

}  // namespace
}  // namespace sockscope

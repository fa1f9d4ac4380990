#include "harness/slowest.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "analysis/story_collector.h"
#include "harness/commands.h"
#include "harness/run_directory.h"
#include "harness/summarise.h"
#include "tests/analysis/ping_pong.h"
#include "tests/harness/recording.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int32_t kHogTid = 700;

/// Three round trips of 3,000 ns from 1,000 on, every 10,000; of the third the response's begin waits for a hog, which
/// preempts the server for `held_up` ns.
EventLog log_with_hog(std::uint64_t held_up) {
  const EventLog log = ping_pong(Protocol::kTcp, 2);
  EventLog third;
  add_round_trip(third, {.start_ns = 21'000});
  EventLog shifted;
  for (const Event& event : third) {
    const bool is_later = event.time_ns > 22'500;
    shifted.in(event.tid).add(event.time_ns + (is_later ? held_up : 0), event.body);
  }
  EventLog hog;
  hog.in(kServerTid).switch_to(22'450, kHogTid, true).switch_to(22'450 + held_up, kServerTid);
  return log.with(shifted).with(hog);
}

RunResult run_of(unsigned round, const std::string& recording) {
  RunResult run;
  run.step = {.round = round, .variant = 0, .watch = Watch::kPerf};
  run.variant = variant_of(Protocol::kTcp);
  run.client.identity = {.role = Role::kClient, .tid = kClientTid, .fd = kClientFd};
  run.server.identity = {.role = Role::kServer, .tid = kServerTid, .fd = kServerFd};
  run.recording = recording;
  run.perf_command = {"perf", "record"};
  return run;
}

std::vector<std::string> lines_of(const SlowestExchanges& found) {
  std::vector<std::string> lines;
  for (const ExchangeStory& story : found.slowest) {
    const PathSegment& culprit = story.segments.at(story.culprit);
    lines.push_back(fmt::format("round {}: {} ns, {} {} {} ns {} by {}", story.round, story.duration_ns(),
                                name_of(culprit.direction), name_of(culprit.stage), culprit.duration_ns(),
                                name_of(culprit.cause), culprit.who));
  }
  return lines;
}

TEST(FindSlowest, TellsTheSlowestOfAllRecordingsOfARun) {
  TempTree tree;
  tree.file("run/tcp-1.perf.data", recording_of(log_with_hog(500)).file_form());
  tree.file("run/tcp-2.perf.data", recording_of(log_with_hog(9'000)).file_form());
  RunRecord record;
  record.runs = {run_of(1, "tcp-1.perf.data"), run_of(2, "tcp-2.perf.data")};
  ASSERT_TRUE(save_run(tree / "run", record));
  const auto found = find_slowest(tree / "run", 2);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(lines_of(*found), ElementsAre("round 2: 12000 ns, server turn-around 9000 ns preempted by 700",
                                            "round 1: 3500 ns, server turn-around 500 ns preempted by 700"));
  ASSERT_THAT(found->groups, SizeIs(1));
  EXPECT_EQ(found->groups[0].variant, "tcp");
  EXPECT_EQ(found->groups[0].durations.count(), 6U);
  EXPECT_EQ(found->groups[0].median.duration_ns(), 3000U);
  EXPECT_EQ(found->groups[0].median.round, 1U);
  EXPECT_TRUE(found->is_filtered);
  EXPECT_EQ(found->over, 6U);
  EXPECT_THAT(found->lacks, IsEmpty());
}

TEST(FindSlowest, LeavesOutWhatWasFaster) {
  TempTree tree;
  tree.file("perf.data", recording_of(log_with_hog(500)).file_form());
  const auto found = find_slowest(tree / "perf.data", 10, 3001);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(lines_of(*found), ElementsAre("round 0: 3500 ns, server turn-around 500 ns preempted by 700"));
  EXPECT_EQ(found->over, 1U);
  EXPECT_FALSE(found->is_filtered);
}

TEST(FindSlowest, CountsDroppedDatagramsApartFromThoseThatCouldNotBeFollowed) {
  TempTree tree;
  EventLog log = ping_pong(Protocol::kUdp);
  log.in(kClientTid)
      .send(11'000, kClientFd, 64)
      .queue(11'100, 0xd000, 106)
      .rx(11'200, 0xd000)
      .receive(11'300, 0xd000)
      .add(11'400, UdpFailQueueRcvSkb{})
      .sock(11'450, kClientSk, Protocol::kUdp)
      .exit(11'500, 64);
  EventLog next;
  add_round_trip(next, {.start_ns = 21'000, .protocol = Protocol::kUdp});
  tree.file("perf.data", recording_of(log.with(next)).file_form());
  const auto found = find_slowest(tree / "perf.data", 10);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->losses, 1U);
  ASSERT_THAT(found->lost, SizeIs(1));
  EXPECT_EQ(found->lost[0].sender_tid, kClientTid);
  EXPECT_EQ(found->lost[0].receiver_tid, kServerTid);
  EXPECT_EQ(found->lost[0].enter_ns, 11'000U);
  EXPECT_EQ(found->lost[0].drop_ns, 11'400U);
  EXPECT_EQ(found->unmatched, 0U);
}

class SlowCommand : public ::testing::Test {
 protected:
  Result<int> run(const std::filesystem::path& path, std::uint64_t over_ns = 0) {
    SlowOptions options{.path = path, .top = 10, .over_ns = over_ns, .output = {}};
    options.output.file = tree / "out.txt";
    return run_command(options, Interrupt::none());
  }
  [[nodiscard]] std::string out() const { return content_of(tree / "out.txt"); }
  std::string error_of(const std::filesystem::path& path, ErrorKind kind) {
    const auto status = run(path);
    if (status) return "no error";
    EXPECT_EQ(status.error().kind, kind);
    return status.error().message;
  }

  TempTree tree;
};

TEST_F(SlowCommand, OfARecordingWithoutMessagesSaysSo) {
  tree.file("empty.data", recording_of({}).file_form());
  const auto status = run(tree / "empty.data");
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  EXPECT_THAT(out(), HasSubstr("no message over TCP or UDP loopback was followed in it"));
}

TEST_F(SlowCommand, OfNoneSoSlowSaysSo) {
  tree.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 3)).file_form());
  const auto status = run(tree / "perf.data", 1'000'000);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  EXPECT_THAT(out(),
              HasSubstr("TCP: 3 round trips, median 3.00 us, slowest 3.00 us\n  none took 1,000.000 us or longer"));
}

TEST_F(SlowCommand, ReadsAPipeTwice) {
  const std::filesystem::path pipe = tree / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const auto writer = std::async(std::launch::async, [&pipe] {
    std::ofstream(pipe, std::ios::binary) << recording_of(log_with_hog(9'000)).pipe_form();
  });
  const auto status = run(pipe);
  writer.wait();
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  EXPECT_THAT(out(), HasSubstr("TCP: 3 round trips, median 3.00 us, slowest 12.00 us"));
  EXPECT_THAT(out(), HasSubstr("server turn-around, 9.000 us"));
}

TEST_F(SlowCommand, NamesAFileThatCannotBeRead) {
  EXPECT_THAT(error_of(tree / "none", ErrorKind::kInput), HasSubstr((tree / "none").string()));
  tree.file("text", "not a recording");
  EXPECT_THAT(error_of(tree / "text", ErrorKind::kInput), HasSubstr((tree / "text").string()));
}

// What came through a pipe cannot be opened a second time, and a large file costs time to.
TEST(SlowestSearch, ReadsAnOpenRecordingAgainWithoutOpeningIt) {
  TempTree tree;
  tree.file("perf.data", recording_of(log_with_hog(9'000)).file_form());
  SlowestSearch search(1);
  const auto summary = summarise(tree / "perf.data", &search.listener());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->variants.at(0).traced->rtt.count(), 3U);
  std::filesystem::remove(tree / "perf.data");
  const auto found = search.finish(tree / "perf.data");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(lines_of(*found), ElementsAre("round 0: 12000 ns, server turn-around 9000 ns preempted by 700"));
}

/// So long that there are places within it from which it can be read again.
EventLog long_log() {
  const EventLog log = ping_pong(Protocol::kTcp, 4'000);
  EventLog late;
  add_round_trip(late, {.start_ns = 1'000 + 4'000 * 10'000});
  EventLog shifted;
  for (const Event& event : late)
    shifted.in(event.tid).add(event.time_ns + (event.time_ns > 40'002'500 ? 500 : 0), event.body);
  return log.with(shifted);
}

TEST(SlowestSearch, TellsTheSameFromABookmarkAsFromTheBeginning) {
  TempTree tree;
  const EventLog log = long_log();
  ASSERT_GT(std::ranges::distance(log), 4 * 8192) << "several batches";
  tree.file("perf.data", recording_of(log).file_form());
  const auto found = find_slowest(tree / "perf.data", 1);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_THAT(found->slowest, SizeIs(1));
  EXPECT_EQ(found->slowest[0].exchange.begin_ns(), 40'001'000U);
  ExchangeStory expected = found->slowest[0];
  expected.events.clear();
  StoryCollector collector({&expected});
  for (const Event& event : log) collector.on(event);
  collector.finish({});
  ASSERT_EQ(found->slowest[0].events.size(), expected.events.size());
  for (std::size_t i = 0; i < expected.events.size(); ++i) {
    EXPECT_EQ(found->slowest[0].events[i].time_ns, expected.events[i].time_ns);
    EXPECT_EQ(found->slowest[0].events[i].body.index(), expected.events[i].body.index());
  }
  EXPECT_LT(expected.events.front().time_ns, 40'001'000U) << "begins with what was before";
}

}  // namespace
}  // namespace sockscope

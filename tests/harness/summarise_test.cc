#include "harness/summarise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "harness/run_directory.h"
#include "tests/analysis/ping_pong.h"
#include "tests/harness/recording.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::string_view kRecording = "tcp-1.perf.data";

std::string ping_pong_file(int count = 3) { return recording_of(ping_pong(Protocol::kTcp, count)).file_form(); }

/// What the ends of ping_pong() say of themselves: three round trips of 10,000 ns by the workload's clock.
RunResult run_of(Watch watch) {
  RunResult run;
  run.step = {.round = 1, .variant = 0, .watch = watch};
  run.variant = variant_of(Protocol::kTcp);
  run.client.identity = {.role = Role::kClient, .tid = kClientTid, .fd = kClientFd};
  run.server.identity = {.role = Role::kServer, .tid = kServerTid, .fd = kServerFd};
  for (EndResult* end : {&run.client, &run.server}) {
    end->start_ns = 900;
    end->end_ns = 40'000;
    end->round_trips = 3;
    end->usage = {.voluntary_switches = 3, .involuntary_switches = 0};
  }
  for (int i = 0; i < 3; ++i) run.client.rtt.record(10'000);
  if (watch == Watch::kPerf) {
    run.recording = kRecording;
    run.perf_command = {"perf", "record"};
  }
  if (watch == Watch::kCounters) run.counters = {{"context-switches", 6}};
  return run;
}

RunRecord record_of(const std::vector<RunResult>& runs) {
  return {.kind = Summary::Kind::kCompare,
          .mode = "traced",
          .title = "echo of 64 bytes",
          .environment = {{"kernel", "6.18.44"}},
          .plan = {{"workload", "echo"}},
          .missing = {{.what = "a thing", .fix = "a fix"}},
          .interrupted = true,
          .runs = runs};
}

std::string error_of(const std::filesystem::path& path) {
  const auto summary = summarise(path);
  if (summary) return "no error";
  EXPECT_EQ(summary.error().kind, ErrorKind::kInput);
  return summary.error().message;
}

std::vector<std::string> failing(const Summary& summary) {
  std::vector<std::string> names;
  for (const Law& law : summary.laws) {
    if (!law.holds) names.push_back(law.name);
  }
  return names;
}

TEST(SummariseRecording, FollowsItsMessagesFromTheBytesOfAFile) {
  TempTree tree;
  tree.file("perf.data", ping_pong_file());
  const auto summary = summarise(tree / "perf.data");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->kind, Summary::Kind::kReport);
  EXPECT_EQ(summary->mode, "recording");
  EXPECT_EQ(summary->title, "perf.data");
  EXPECT_THAT(summary->environment, ElementsAre(Pair("kernel", "6.18.44"), Pair("machine", "x86_64")));
  ASSERT_THAT(summary->variants, SizeIs(1));
  const TracedSummary& traced = *summary->variants[0].traced;
  EXPECT_EQ(traced.rtt.count(), 3U);
  EXPECT_EQ(traced.rtt.min(), 3000U);
  EXPECT_EQ(traced.rtt.max(), 3000U);
  EXPECT_EQ(traced.matched, 6U);
  EXPECT_THAT(lines_of(traced.stages), ElementsAreArray(stages_of_a_ping_pong()));
  EXPECT_THAT(failing(*summary), IsEmpty());
  EXPECT_THAT(summary->missing, IsEmpty());
  EXPECT_TRUE(summary->data_quality.complete());
}

TEST(SummariseRecording, GivesTheSameOfAPipe) {
  TempTree tree;
  tree.file("pipe.data", recording_of(ping_pong(Protocol::kUdp, 2)).pipe_form());
  const auto summary = summarise(tree / "pipe.data");
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_THAT(summary->variants, SizeIs(1));
  EXPECT_EQ(summary->variants[0].variant.protocol, Protocol::kUdp);
  EXPECT_EQ(summary->variants[0].traced->rtt.count(), 2U);
  EXPECT_EQ(summary->variants[0].traced->rtt.max(), 3000U);
}

TEST(SummariseRecording, CountsWhatTheKernelLost) {
  auto data = recording_of(ping_pong(Protocol::kTcp, 3));
  data.lost(5, {.id = kSampleId, .time_ns = 50'000});
  TempTree tree;
  tree.file("perf.data", data.file_form());
  const auto summary = summarise(tree / "perf.data");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->data_quality.lost_events, 5U);
  EXPECT_FALSE(summary->data_quality.complete());
}

TEST(SummariseRecording, CountsWhatItCannotDecode) {
  auto data = recording_of(ping_pong(Protocol::kTcp, 3));
  const std::string id_without_format("\xff\x03\0\0\0\0\0\0", 8);
  data.sample({.id = kSampleId, .time_ns = 50'000, .raw = id_without_format});
  TempTree tree;
  tree.file("perf.data", data.file_form());
  const auto summary = summarise(tree / "perf.data");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->data_quality.undecoded_events, 1U);
  EXPECT_EQ(summary->variants[0].traced->rtt.count(), 3U);
}

TEST(SummariseRecording, SaysThatItEndsEarly) {
  const std::string whole = recording_of(ping_pong(Protocol::kTcp, 3)).pipe_form();
  TempTree tree;
  tree.file("cut.data", whole.substr(0, whole.size() - 1));
  const auto summary = summarise(tree / "cut.data");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_TRUE(summary->data_quality.truncated);
  EXPECT_EQ(summary->variants[0].traced->rtt.count(), 2U) << "the last event is the exit of the last receive";
}

TEST(SummariseRecording, SaysWhatToRecordWhenItHoldsNoRoundTrip) {
  EventLog half;
  half.in(kClientTid).send(1000, kClientFd, 64).exit(2000, 64);
  TempTree tree;
  tree.file("perf.data", recording_of(half).file_form());
  const auto summary = summarise(tree / "perf.data");
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_THAT(summary->variants, IsEmpty());
  ASSERT_THAT(summary->missing, SizeIs(1));
  EXPECT_EQ(summary->missing[0].what, "no round trip over TCP or UDP loopback in this recording");
  EXPECT_EQ(summary->missing[0].fix, "sockscope record --proto tcp DIR");
}

TEST(SummariseRun, HoldsTheRecordingAgainstWhatTheEndsSay) {
  TempTree tree;
  tree.file(kRecording, ping_pong_file());
  ASSERT_TRUE(save_run(tree.path(), record_of({run_of(Watch::kPerf)})));
  const auto summary = summarise(tree.path());
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_THAT(summary->variants, SizeIs(1));
  const TracedSummary& traced = *summary->variants[0].traced;
  EXPECT_EQ(traced.rtt.count(), 3U);
  EXPECT_EQ(traced.counts.round_trips, 3U);
  EXPECT_EQ(traced.counts.syscalls, 12U);
  EXPECT_EQ(traced.workload_rtt.count(), 3U);
  EXPECT_EQ(traced.client.traced.voluntary, 3U);
  ASSERT_TRUE(traced.client.getrusage);
  EXPECT_EQ(traced.client.getrusage->voluntary, 3U);
  EXPECT_THAT(summary->laws, SizeIs(6));
  EXPECT_THAT(failing(*summary), IsEmpty());
}

TEST(SummariseRun, DescribesItselfAsItsRecordDoes) {
  TempTree tree;
  ASSERT_TRUE(save_run(tree.path(), record_of({run_of(Watch::kNobody)})));
  const auto summary = summarise(tree.path());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->kind, Summary::Kind::kCompare);
  EXPECT_EQ(summary->mode, "traced");
  EXPECT_EQ(summary->title, "echo of 64 bytes");
  EXPECT_THAT(summary->environment, ElementsAre(Pair("kernel", "6.18.44")));
  EXPECT_THAT(summary->plan, ElementsAre(Pair("workload", "echo")));
  ASSERT_THAT(summary->missing, SizeIs(1));
  EXPECT_EQ(summary->missing[0].what, "a thing");
  EXPECT_TRUE(summary->interrupted);
}

TEST(SummariseRun, TakesUntracedRunsFromItsRecordAlone) {
  TempTree tree;
  ASSERT_TRUE(
      save_run(tree.path(), record_of({run_of(Watch::kNobody), run_of(Watch::kCounters), run_of(Watch::kNobody)})));
  const auto summary = summarise(tree.path());
  ASSERT_TRUE(summary) << summary.error().message;
  ASSERT_THAT(summary->variants, SizeIs(1));
  EXPECT_FALSE(summary->variants[0].traced);
  const UntracedSummary& untraced = *summary->variants[0].untraced;
  EXPECT_EQ(untraced.rtt.count(), 6U);
  EXPECT_EQ(untraced.client.voluntary, 6U);
  EXPECT_EQ(untraced.server.voluntary, 6U);
  EXPECT_THAT(untraced.counters, ElementsAre(Pair("context-switches", 6)));
  EXPECT_EQ(untraced.counted, 3U);
  EXPECT_THAT(summary->laws, IsEmpty());
}

TEST(SummariseRun, TakesCountersFromAnUntracedRunThatHasThem) {
  TempTree tree;
  RunResult run = run_of(Watch::kNobody);
  run.counters = {{"context-switches", 6}};
  ASSERT_TRUE(save_run(tree.path(), record_of({run})));
  const auto summary = summarise(tree.path());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->variants[0].untraced->rtt.count(), 3U);
  EXPECT_EQ(summary->variants[0].untraced->counted, 3U);
}

// A switch that an end makes after its second getrusage is none of the run's.
TEST(SummariseRun, CountsTheSwitchesOfEachEndInItsOwnTime) {
  TempTree tree;
  tree.file(kRecording, ping_pong_file());
  RunResult run = run_of(Watch::kPerf);
  run.client.end_ns = 20'000;  // The client leaves at 2200, 12,200 and 22,200.
  run.client.usage.voluntary_switches = 2;
  ASSERT_TRUE(save_run(tree.path(), record_of({run})));
  const auto summary = summarise(tree.path());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary->variants[0].traced->client.traced.voluntary, 2U);
  EXPECT_EQ(summary->variants[0].traced->server.traced.voluntary, 3U);
}

TEST(SummariseRun, NamesARecordingThatIsGone) {
  TempTree tree;
  ASSERT_TRUE(save_run(tree.path(), record_of({run_of(Watch::kPerf)})));
  EXPECT_EQ(error_of(tree.path()), fmt::format("{}/{}: No such file or directory", tree.str(), kRecording));
}

TEST(Summarise, NamesAFileThatIsNotThere) {
  const TempTree tree;
  EXPECT_EQ(error_of(tree / "none"), tree.str() + "/none: No such file or directory");
}

TEST(Summarise, NamesAFileThatIsNoRecording) {
  TempTree tree;
  tree.file("notes.txt", "these are no records\n").file("empty", "");
  EXPECT_EQ(error_of(tree / "notes.txt"), fmt::format("{0}/notes.txt: not a perf.data file but text: "
                                                      "sockscope report {0}/notes.txt reads what function_graph prints",
                                                      tree.str()));
  EXPECT_EQ(error_of(tree / "empty"), tree.str() + "/empty: is empty");
}

TEST(Summarise, NamesADirectoryWithoutARun) {
  const TempTree tree;
  EXPECT_EQ(
      error_of(tree.path()),
      tree.str() + ": is a directory without a recording in it: neither run.json nor data nor a CTF trace's metadata");
}

TEST(Summarise, NeedsTheFormatsOfTracepoints) {
  test_support::PerfDataBuilder data;
  data.attr({.config = 372, .ids = {kSampleId}, .name = "sched:sched_switch"});
  data.sample({.id = kSampleId, .time_ns = 1000});
  TempTree tree;
  tree.file("perf.data", data.file_form());
  EXPECT_THAT(error_of(tree / "perf.data"),
              testing::StartsWith(tree.str() + "/perf.data: holds no tracepoint formats: its recorder left them out"));
}

}  // namespace
}  // namespace sockscope

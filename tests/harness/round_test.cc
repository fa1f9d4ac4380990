#include "harness/round.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "base/child_process.h"
#include "base/cpu_list.h"
#include "base/line_reader.h"
#include "base/monotonic_clock.h"
#include "tests/harness/fake_perf.h"
#include "tests/harness/temp_tree.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

/// Short runs in a directory of their own. Ignores SIGPIPE as the program does.
class RunStepTest : public testing::TestWithParam<Protocol> {
 protected:
  RunStepTest() : handler_before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~RunStepTest() override { (void)std::signal(SIGPIPE, handler_before_); }

  static PlannedVariant spec() {
    const int cpu = allowed_cpus().front();
    return {variant_of(GetParam()),
            {.protocol = GetParam(), .count = 25, .duration = {}, .warm_up = 5, .client_cpu = cpu, .server_cpu = cpu}};
  }
  [[nodiscard]] RoundSetting setting() const {
    return {.directory = directory_.path(), .events = {.events = {{"net:netif_rx", Scope::kContext}}, .missing = {}}};
  }
  static RunStep step(Watch watch) { return {.round = 3, .variant = 0, .watch = watch}; }

  TempTree directory_;

 private:
  void (*handler_before_)(int);
};

INSTANTIATE_TEST_SUITE_P(Protocols, RunStepTest, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return protocol.param == Protocol::kTcp ? "Tcp" : "Udp"; });

TEST_P(RunStepTest, MeasuresUntracedWithoutLeavingAFile) {
  const auto run = run_step(spec(), step(Watch::kNobody), setting());
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->step, step(Watch::kNobody));
  EXPECT_EQ(run->client.round_trips, 25U);
  EXPECT_EQ(run->server.round_trips, 25U);
  EXPECT_EQ(run->client.lost, 0U);
  EXPECT_EQ(run->recording, "");
  EXPECT_THAT(run->perf_command, IsEmpty());
  EXPECT_THAT(run->counters, IsEmpty()) << "counting takes time";
  EXPECT_TRUE(directory_.is_empty());
}

// From before the warm-up to the end of the measured part, whoever watches.
TEST_P(RunStepTest, LooksAtTheMachineMeanwhile) {
  const FakePerf perf({.at_start = R"(: > "$output")"});
  for (const Watch watch : {Watch::kNobody, Watch::kCounters, Watch::kPerf}) {
    const std::uint64_t before = monotonic_now_ns();
    const auto run = run_step(spec(), step(watch), setting());
    const std::uint64_t all_ns = monotonic_now_ns() - before;
    ASSERT_TRUE(run) << run.error().message;
    EXPECT_THAT(run->conditions.cpus, ElementsAre(allowed_cpus().front()));
    EXPECT_GT(run->conditions.wall_ns, run->client.end_ns - run->client.start_ns);
    EXPECT_LT(run->conditions.wall_ns, all_ns);
  }
}

TEST_P(RunStepTest, CountsInARunOfItsOwn) {
  const auto run = run_step(spec(), step(Watch::kCounters), setting());
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->client.round_trips, 25U);
  std::vector<std::string> names;
  for (const auto& [name, value] : run->counters) names.push_back(name);
  for (const auto& name : run->refused_counters) names.push_back(name);
  EXPECT_THAT(names, UnorderedElementsAre("context-switches", "cpu-migrations", "task-clock", "page-faults"));
  EXPECT_TRUE(directory_.is_empty());
}

TEST_P(RunStepTest, KeepsTheCommandAndTheNameOfARecording) {
  const FakePerf perf({.at_start = R"(: > "$output")"});
  const auto run = run_step(spec(), step(Watch::kPerf), setting());
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->client.round_trips, 25U);
  EXPECT_EQ(run->recording, fmt::format("{}-3.perf.data", name_of(GetParam())));
  EXPECT_TRUE(std::filesystem::exists(directory_ / run->recording));
  const std::string tids = fmt::format("common_pid=={}||common_pid=={}||COMM~\"ksoftirqd/*\"", run->client.identity.tid,
                                       run->server.identity.tid);
  EXPECT_THAT(run->perf_command, IsSupersetOf({std::string("perf"), std::string("net:netif_rx"), tids}));
  EXPECT_THAT(run->counters, IsEmpty());
}

// perf is disabled once to know that it is up, enabled when both ends are warm, and disabled before they end.
TEST_P(RunStepTest, RecordsNothingButTheMeasuredPart) {
  const FakePerf perf({.answer = R"(echo "$command" >> "$output"; say 'ack\n\0')"});
  const auto run = run_step(spec(), step(Watch::kPerf), setting());
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(content_of(directory_ / run->recording), "disable\nenable\ndisable\n");
}

TEST_P(RunStepTest, LeavesNoRecordingOfAPerfThatFails) {
  const FakePerf perf({.at_start = R"(: > "$output"; echo 'No permission to enable it.' >&2; exit 255)"});
  const auto run = run_step(spec(), step(Watch::kPerf), setting());
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(run.error().message, "perf has no permission to trace: run as root (sudo), or see sockscope doctor");
  EXPECT_TRUE(directory_.is_empty());
}

TEST_P(RunStepTest, LeavesNoRecordingWhenTheUserInterrupts) {
  const FakePerf perf({.at_start = R"(: > "$output")", .answer = ":"});
  auto interrupt = Pipe::open();
  ASSERT_TRUE(interrupt);
  RoundSetting interrupted = setting();
  interrupted.interrupt_fd = interrupt->read_end.get();
  ASSERT_TRUE(write_all(interrupt->write_end.get(), "x", "us"));
  const auto run = run_step(spec(), step(Watch::kPerf), interrupted);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::kInterrupted);
  EXPECT_TRUE(directory_.is_empty());
}

TEST_P(RunStepTest, SaysThatItsPortIsTaken) {
  const auto other = bind_server(GetParam(), 0);
  ASSERT_TRUE(other) << other.error().message;
  PlannedVariant taken = spec();
  taken.workload.port = local_port(other->get()).value_or(0);
  const auto run = run_step(taken, step(Watch::kNobody), setting());
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(run.error().message,
            fmt::format("{} port {} on 127.0.0.1 is taken: choose another --port, or none for one that is free",
                        name_of(GetParam()), taken.workload.port));
}

// A round trip of the calibration has no socket in it, whatever the workload beside it is like.
TEST(RunCalibration, MeasuresItsOwnRoundTripsOnTheCpusOfTheWorkload) {
  const TempTree directory;
  const int cpu = allowed_cpus().back();
  const WorkloadSpec beside{.size = 1'400, .count = 3, .client_cpu = cpu, .server_cpu = cpu, .raw_file = "/none/raw"};
  const auto run = run_calibration(beside, {.directory = directory.path(), .events = {}});
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->step.watch, Watch::kNobody);
  EXPECT_EQ(run->client.rtt.count(), run->server.round_trips);
  EXPECT_GT(run->client.rtt.count(), 3U);
  EXPECT_LE(run->client.rtt.count(), 10'000U);
  EXPECT_EQ(run->client.lost, 0U);
  EXPECT_TRUE(directory.is_empty());
}

TEST(RecordingName, IsTheProtocolAndTheRound) {
  EXPECT_EQ(recording_name(variant_of(Protocol::kTcp), {.round = 1, .watch = Watch::kPerf}), "tcp-1.perf.data");
  EXPECT_EQ(recording_name(variant_of(Protocol::kUdp), {.round = 12, .watch = Watch::kPerf}), "udp-12.perf.data");
  EXPECT_EQ(recording_name(variant_of(Protocol::kUdp), {.round = 1, .watch = Watch::kNested}),
            "udp-1-nested.perf.data");
}

}  // namespace
}  // namespace sockscope

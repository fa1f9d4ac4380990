#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/cpu_list.h"
#include "harness/run_directory.h"
#include "harness/summarise.h"
#include "tests/integration/sockscope_program.h"

/// The same recording, read by perf sched timehist: an independent way to the same switches and delays. On CPU 0, whose
/// idle task sched_switch sees everywhere (perf knows no other source).
namespace sockscope {
namespace {

struct TimehistThread {
  std::uint64_t switches = 0;
  std::vector<double> sch_delays_us;

  [[nodiscard]] double median_delay_us() {
    std::ranges::sort(sch_delays_us);
    return sch_delays_us.empty() ? 0.0 : sch_delays_us[(sch_delays_us.size() - 1) / 2];
  }
};

/// A row: time [cpu] comm[tid] wait-time sch-delay run-time, in milliseconds with three decimals.
TimehistThread rows_of(const std::string& timehist, pid_t tid) {
  TimehistThread thread;
  std::istringstream lines(timehist);
  const std::string name = "[" + std::to_string(tid) + "]";
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string time;
    std::string cpu;
    std::string task;
    double wait_ms = 0;
    double delay_ms = 0;
    if (!(words >> time >> cpu >> task >> wait_ms >> delay_ms) || !task.ends_with(name)) continue;
    ++thread.switches;
    if (delay_ms > 0) thread.sch_delays_us.push_back(delay_ms * 1e3);
  }
  return thread;
}

class PerfSchedTimehist : public ::testing::TestWithParam<const char*> {};

TEST_P(PerfSchedTimehist, AgreesOnSwitchesAndMedianSchDelay) {
  SKIP_WITHOUT_TRACING();
  if (allowed_cpus().front() != 0) GTEST_SKIP() << "CPU 0 is not allowed here";
  const testing::Scratch scratch;
  const auto directory = scratch / "run";
  const auto recorded =
      testing::sockscope({"record", "--proto", GetParam(), "--count", "3000", "--cpus", "0,0", directory.string()});
  ASSERT_EQ(recorded.status, 0) << recorded.err;
  const auto record = load_run(directory);
  ASSERT_TRUE(record);
  const RunResult& run = record->runs.front();
  const auto path = directory / run.recording;

  // Without windows: all of the recording counts, as it does for perf.
  const auto end = [](const EndResult& result) {
    return KnownEnd{.tid = result.identity.tid, .fd = result.identity.fd, .window = {}};
  };
  const std::array flows{
      KnownFlow{.protocol = run.variant.protocol, .client = end(run.client), .server = end(run.server)}};
  const auto trace = analyse_recording(path, flows);
  ASSERT_TRUE(trace) << trace.error().message;
  ASSERT_EQ(trace->protocols.size(), 1U);

  const auto timehist = testing::run({"perf", "sched", "timehist", "-i", path.string()});
  ASSERT_EQ(timehist.status, 0) << timehist.err;
  const TracedSummary& ours = trace->protocols.front().summary;
  for (const auto& [thread, tid] :
       {std::pair{&ours.client, run.client.identity.tid}, std::pair{&ours.server, run.server.identity.tid}}) {
    SCOPED_TRACE(thread->comm);
    TimehistThread theirs = rows_of(timehist.out, tid);
    EXPECT_EQ(thread->traced.total(), theirs.switches);
    EXPECT_EQ(thread->sch_delay.count(), theirs.sch_delays_us.size());
    // perf prints whole microseconds.
    EXPECT_NEAR(static_cast<double>(thread->sch_delay.quantile(0.5)) / 1e3, theirs.median_delay_us(), 1.0);
  }
}

INSTANTIATE_TEST_SUITE_P(BothProtocols, PerfSchedTimehist, ::testing::Values("tcp", "udp"),
                         [](const auto& chosen) { return std::string(chosen.param); });

}  // namespace
}  // namespace sockscope

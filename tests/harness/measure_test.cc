#include "harness/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <string>

#include "base/child_process.h"
#include "base/cpu_list.h"
#include "harness/planning.h"
#include "tests/analysis/ping_pong.h"
#include "tests/harness/fake_perf.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/recording.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class Measure : public Interruptible {
 protected:
  /// As it is, whatever else this machine does meanwhile.
  MeasureSetting setting() {
    return {.round = {.directory = tree_.path(), .events = {}, .interrupt_fd = interrupt().fd()},
            .recordings = Recordings::kKeep,
            .most_repeats = 0};
  }
};

TEST_F(Measure, RunsAWholePlanInItsOrder) {
  auto plan = make_plan(of_protocols({.count = 5, .rounds = 2, .warm_up = 1}, kProtocols), false, allowed_cpus());
  ASSERT_TRUE(plan) << plan.error().message;
  RunRecord record;
  SummaryBuilder builder;
  ASSERT_TRUE(measure(*plan, setting(), record, builder));
  ASSERT_THAT(record.runs, SizeIs(8));
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(record.runs[i].step, plan->steps[i]);
  EXPECT_FALSE(record.interrupted);
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(2));
  EXPECT_EQ(summary.variants[0].untraced->rtt.count(), 10U);
  EXPECT_EQ(summary.variants[1].untraced->rtt.count(), 10U);
}

/// A plan of one traced run, whose perf leaves this recording.
Result<> measure_traced(const TempTree& tree, Recordings recordings, const Interrupt& interrupt, RunRecord& record) {
  RunPlan plan{.variants = {{variant_of(Protocol::kTcp), {.count = 5, .duration = {}, .warm_up = 1}}},
               .rounds = 1,
               .steps = {{.round = 1, .variant = 0, .watch = Watch::kPerf}}};
  SummaryBuilder builder;
  return measure(plan,
                 {.round = {.directory = tree / "run",
                            .events = {.events = {{"net:netif_rx", Scope::kContext}}, .missing = {}},
                            .interrupt_fd = interrupt.fd()},
                  .recordings = recordings,
                  .most_repeats = 0},
                 record, builder);
}

TEST_F(Measure, KeepsOrDropsRecordings) {
  tree_.file("sample.data", recording_of(ping_pong(Protocol::kTcp)).file_form());
  const std::string copy = fmt::format(R"(cp {}/sample.data "$output")", tree_.str());
  const FakePerf perf({.at_start = copy});
  std::filesystem::create_directory(tree_ / "run");
  RunRecord record;
  const auto kept = measure_traced(tree_, Recordings::kKeep, interrupt(), record);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_TRUE(std::filesystem::exists(tree_ / "run/tcp-1.perf.data"));
  ASSERT_TRUE(measure_traced(tree_, Recordings::kDrop, interrupt(), record));
  EXPECT_TRUE(std::filesystem::is_empty(tree_ / "run"));
}

TEST_F(Measure, StopsAtARecordingThatCannotBeRead) {
  const FakePerf perf({.at_start = R"(echo nonsense > "$output")"});
  std::filesystem::create_directory(tree_ / "run");
  RunRecord record;
  const auto measured = measure_traced(tree_, Recordings::kKeep, interrupt(), record);
  ASSERT_FALSE(measured);
  EXPECT_EQ(measured.error().kind, ErrorKind::kInput);
  EXPECT_THAT(measured.error().message, StartsWith(tree_.str() + "/run/tcp-1.perf.data: not a perf.data file"));
  EXPECT_THAT(record.runs, IsEmpty());
}

TEST_F(Measure, CalibratesBesideEachPairThatNobodyWatches) {
  auto plan = make_plan(of_protocols({.count = 5, .rounds = 2, .warm_up = 1}, kProtocols), false, allowed_cpus());
  ASSERT_TRUE(plan) << plan.error().message;
  plan->is_calibrated = true;
  RunRecord record;
  SummaryBuilder builder;
  ASSERT_TRUE(measure(*plan, setting(), record, builder));
  EXPECT_THAT(record.runs, SizeIs(10));
  const Summary summary = builder.build();
  EXPECT_THAT(summary.variants, SizeIs(2));
  ASSERT_TRUE(summary.calibration);
  ASSERT_THAT(summary.calibration->runs, SizeIs(2));
  EXPECT_EQ(summary.calibration->runs[1].round, 2U);
}

TEST_F(Measure, MeasuresADisturbedPairAgainAndNotesIt) {
  // Both ends sleep now and then, which is when the other program has their CPU.
  auto plan = make_plan(of_protocols({.count = 20'000, .rounds = 1, .warm_up = 1}, kProtocols), false, allowed_cpus());
  ASSERT_TRUE(plan) << plan.error().message;
  const auto busy = ChildProcess::run({.name = "busy", .cpus = {plan->variants.front().workload.client_cpu}}, [] {
    for (std::atomic<std::uint64_t> spins = 0;; ++spins) {
    }
    return 0;
  });
  ASSERT_TRUE(busy) << busy.error().message;
  MeasureSetting again = setting();
  again.most_repeats = 1;
  RunRecord record;
  SummaryBuilder builder;
  ASSERT_TRUE(measure(*plan, again, record, builder));
  EXPECT_THAT(record.runs, SizeIs(4)) << "each pair is kept once";
  const auto repeated = std::ranges::count(record.disturbed, true, &DisturbedPair::is_repeated);
  EXPECT_EQ(repeated, std::ssize(record.disturbed) - repeated) << "once repeated, once kept as it was";
  EXPECT_THAT(record.disturbed, Not(IsEmpty()));
}

TEST_F(Measure, ThatIsInterruptedKeepsWhatWasFinished) {
  auto plan = make_plan(of_protocols({.count = 5, .rounds = 1, .warm_up = 1}, kProtocols), false, allowed_cpus());
  ASSERT_TRUE(plan) << plan.error().message;
  RunRecord record;
  SummaryBuilder builder;
  ASSERT_TRUE(measure(*plan, setting(), record, builder));
  ASSERT_EQ(raise(SIGINT), 0);
  ASSERT_TRUE(measure(*plan, setting(), record, builder));
  EXPECT_TRUE(record.interrupted);
  EXPECT_THAT(record.runs, SizeIs(4));
}

}  // namespace
}  // namespace sockscope

#include "analysis/run_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Summary run_of(double rtt_ns, double syscalls) {
  Summary summary;
  summary.environment = {{"kernel", "6.18"}, {"cpu", "Xeon"}};
  summary.plan = {{"workload", "echo"}};
  VariantSummary variant{.variant = variant_of(Protocol::kTcp), .untraced = std::nullopt, .traced = std::nullopt};
  for (unsigned round = 1; round <= 10; ++round) {
    variant.runs.push_back({.round = round, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", rtt_ns + round}}});
    variant.runs.push_back({.round = round, .watched = Watched::kTraced, .values = {{"syscalls", syscalls}}});
  }
  summary.variants.push_back(std::move(variant));
  return summary;
}

TEST(RunDiff, ComparesEveryFigureOfBoth) {
  const RunDiff diff = diff_runs(run_of(6'000, 4), run_of(7'000, 5), {});
  ASSERT_THAT(diff.variants, SizeIs(1));
  const auto& figures = diff.variants[0].figures;
  ASSERT_THAT(figures, SizeIs(2));
  EXPECT_EQ(figures[0].name, "rtt_p50_ns");
  EXPECT_EQ(figures[0].pairs, 10U);
  EXPECT_NEAR(figures[0].result.difference.value, -1'000, 1e-9);
  EXPECT_EQ(figures[0].result.verdict, Verdict::kALower);
  EXPECT_EQ(figures[1].name, "syscalls");
  EXPECT_DOUBLE_EQ(figures[1].result.difference.value, -1);
  EXPECT_THAT(diff.environment, IsEmpty());
  EXPECT_THAT(diff.plan, IsEmpty());
}

TEST(RunDiff, NamesWhatIsNotTheSame) {
  Summary later = run_of(6'000, 4);
  later.environment = {{"kernel", "6.19"}, {"cpu", "Xeon"}, {"mitigations", "none"}};
  later.plan.clear();
  const RunDiff diff = diff_runs(run_of(6'000, 4), later, {});
  ASSERT_THAT(diff.environment, SizeIs(2));
  EXPECT_EQ(diff.environment[0].name, "kernel");
  EXPECT_EQ(diff.environment[0].a, "6.18");
  EXPECT_EQ(diff.environment[0].b, "6.19");
  EXPECT_EQ(diff.environment[1].name, "mitigations");
  EXPECT_EQ(diff.environment[1].a, "");
  ASSERT_THAT(diff.plan, SizeIs(1));
  EXPECT_EQ(diff.plan[0].a, "echo");
  EXPECT_EQ(diff.plan[0].b, "");
}

TEST(RunDiff, LeavesOutWhatOnlyOneOfThemHas) {
  Summary other = run_of(6'000, 4);
  other.variants[0].variant = variant_of(Protocol::kUdp);
  RunDiff diff = diff_runs(run_of(6'000, 4), other, {});
  EXPECT_THAT(diff.variants, IsEmpty());
  EXPECT_THAT(diff.only_in_a, ElementsAre("TCP"));
  EXPECT_THAT(diff.only_in_b, ElementsAre("UDP"));

  other = run_of(6'000, 4);
  std::erase_if(other.variants[0].runs, [](const RunFigures& run) { return run.watched == Watched::kTraced; });
  diff = diff_runs(run_of(6'000, 4), other, {});
  ASSERT_THAT(diff.variants, SizeIs(1));
  EXPECT_THAT(diff.variants[0].figures, SizeIs(1));
}

}  // namespace
}  // namespace sockscope

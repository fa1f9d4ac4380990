#include "analysis/variant_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "analysis/summary.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

VariantSummary with_runs(std::vector<RunFigures> runs) {
  VariantSummary summary;
  summary.runs = std::move(runs);
  return summary;
}

MATCHER_P2(IsPair, a, b, "") { return arg.a == a && arg.b == b; }

TEST(PairsOf, AreTheRunsOfTheSameRoundThatAreWatchedAlike) {
  const auto a = with_runs({{1, Watched::kUntraced, {{"x", 10}}},
                            {1, Watched::kTraced, {{"x", 11}}},
                            {2, Watched::kUntraced, {{"x", 12}}},
                            {3, Watched::kUntraced, {{"x", 13}}}});
  const auto b = with_runs({{3, Watched::kUntraced, {{"x", 23}}},
                            {1, Watched::kUntraced, {{"x", 20}}},
                            {2, Watched::kUntraced, {{"y", 22}}},
                            {1, Watched::kTraced, {{"x", 21}}}});
  EXPECT_THAT(pairs_of(a, b, Watched::kUntraced, "x"), ElementsAre(IsPair(10.0, 20.0), IsPair(13.0, 23.0)));
  EXPECT_THAT(pairs_of(a, b, Watched::kTraced, "x"), ElementsAre(IsPair(11.0, 21.0)));
  EXPECT_THAT(pairs_of(a, b, Watched::kCounted, "x"), IsEmpty());
  EXPECT_THAT(pairs_of(a, b, Watched::kUntraced, "z"), IsEmpty());
}

/// Eight rounds: B's round trip is 2 us shorter, of which the send gives 0.5 us and the wake-up 1.5 us.
std::vector<VariantSummary> stages_of_two() {
  std::vector<RunFigures> a;
  std::vector<RunFigures> b;
  for (unsigned round = 1; round <= 8; ++round) {
    const double noise = 10.0 * round;
    a.push_back({round, Watched::kUntraced, {{"rtt_p50_ns", 6'000 + noise}}});
    b.push_back({round, Watched::kUntraced, {{"rtt_p50_ns", 5'000 + noise}}});
    a.push_back({round,
                 Watched::kTraced,
                 {{"rtt_mean_ns", 9'000 + noise},
                  {"stage.request.send_ns", 4'000 + noise},
                  {"stage.request.wake-up_ns", 5'000},
                  {"syscalls", 4}}});
    b.push_back({round,
                 Watched::kTraced,
                 {{"rtt_mean_ns", 7'000 + noise},
                  {"stage.request.send_ns", 3'500},
                  {"stage.request.wake-up_ns", 3'500 + noise},
                  {"syscalls", 4}}});
  }
  return {with_runs(std::move(a)), with_runs(std::move(b))};
}

TEST(CompareVariants, JudgesEveryFigureOfBoth) {
  const auto sides = stages_of_two();
  const VariantComparison comparison = compare_variants(sides[0], sides[1], {});
  ASSERT_NE(comparison.headline(), nullptr);
  EXPECT_EQ(comparison.headline()->name, "rtt_p50_ns");
  EXPECT_EQ(comparison.headline()->pairs, 8U);
  EXPECT_EQ(comparison.headline()->result.difference.value, 1'000.0);
  EXPECT_EQ(comparison.headline()->result.verdict, Verdict::kBLower);
  EXPECT_THAT(
      comparison.figures,
      ElementsAre(Field(&ComparedFigure::name, "rtt_p50_ns"), Field(&ComparedFigure::name, "rtt_mean_ns"),
                  Field(&ComparedFigure::name, "stage.request.send_ns"),
                  Field(&ComparedFigure::name, "stage.request.wake-up_ns"), Field(&ComparedFigure::name, "syscalls")));
  EXPECT_EQ(comparison.find(Watched::kTraced, "syscalls")->result.verdict, Verdict::kNoDifference);
  EXPECT_EQ(comparison.find(Watched::kUntraced, "syscalls"), nullptr);
}

TEST(CompareVariants, TakesTheDifferenceApartSoThatItAddsUp) {
  const auto sides = stages_of_two();
  const Waterfall waterfall = compare_variants(sides[0], sides[1], {}).waterfall;
  EXPECT_EQ(waterfall.from_ns, 9'045.0);
  EXPECT_EQ(waterfall.to_ns, 7'045.0);
  ASSERT_EQ(waterfall.steps.size(), 2U);
  EXPECT_EQ(waterfall.steps[0].name, "stage.request.send_ns");
  EXPECT_EQ(waterfall.steps[0].difference_ns.value, -545.0);
  EXPECT_EQ(waterfall.steps[1].difference_ns.value, -1'455.0);
  const double sum =
      std::accumulate(waterfall.steps.begin(), waterfall.steps.end(), waterfall.from_ns,
                      [](double before, const WaterfallStep& step) { return before + step.difference_ns.value; });
  EXPECT_EQ(sum, waterfall.to_ns);
  for (const WaterfallStep& step : waterfall.steps) {
    ASSERT_TRUE(step.difference_ns.ci95);
    EXPECT_TRUE(step.difference_ns.ci95->contains(step.difference_ns.value));
  }
}

TEST(CompareVariants, WithoutStagesOfBothThereIsNoWaterfall) {
  auto sides = stages_of_two();
  for (RunFigures& run : sides[1].runs) {
    std::erase_if(run.values, [](const auto& value) { return value.first == "stage.request.wake-up_ns"; });
  }
  EXPECT_THAT(compare_variants(sides[0], sides[1], {}).waterfall.steps, IsEmpty());
}

TEST(CompareVariants, OfNothingHasNoHeadline) { EXPECT_EQ(compare_variants({}, {}, {}).headline(), nullptr); }

}  // namespace
}  // namespace sockscope

#include "harness/run_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using enum Watch;

std::vector<Watch> watches_of(const std::vector<RunStep>& steps) {
  std::vector<Watch> watches;
  for (const RunStep& step : steps) watches.push_back(step.watch);
  return watches;
}

TEST(Interleave, RunsThatAreWatchedAlikeFollowOneAnother) {
  const auto steps = interleave(30, 2, true, 7);
  ASSERT_EQ(steps.size(), 30U * 3 * 2);
  for (std::size_t i = 0; i < steps.size(); i += 2) {
    EXPECT_EQ(steps[i].round, steps[i + 1].round);
    EXPECT_EQ(steps[i].watch, steps[i + 1].watch);
    EXPECT_EQ(steps[i].variant + steps[i + 1].variant, 1U) << "one run of each";
  }
}

TEST(Interleave, WhoWatchesIsTheMirrorImageOfTheRoundBefore) {
  EXPECT_THAT(watches_of(interleave(2, 1, true, 1)), ElementsAre(kNobody, kCounters, kPerf, kPerf, kCounters, kNobody));
  EXPECT_THAT(watches_of(interleave(2, 1, false, 1)), ElementsAre(kNobody, kCounters, kCounters, kNobody));
}

TEST(Interleave, OneVariantAloneHasNothingToPairWith) {
  for (const RunStep& step : interleave(4, 1, true, 3)) EXPECT_EQ(step.variant, 0U);
}

RunPlan plan_of(unsigned rounds) {
  return {.variants = {{}, {}}, .rounds = rounds, .steps = interleave(rounds, 2, true, 1)};
}

TEST(AddNested, PutsANestedPairBesideTheTracedOne) {
  RunPlan plan = plan_of(2);
  const auto before = plan.steps;
  add_nested(plan);
  EXPECT_THAT(watches_of(plan.steps),
              ElementsAre(kNobody, kNobody, kCounters, kCounters, kPerf, kPerf, kNested, kNested, kNested, kNested,
                          kPerf, kPerf, kCounters, kCounters, kNobody, kNobody));
  EXPECT_EQ(plan.steps[6].variant, plan.steps[4].variant) << "in the order of the traced ones";
  EXPECT_EQ(plan.steps[6].round, 1U);
  EXPECT_EQ(plan.steps[8].round, 2U);
  std::erase_if(plan.steps, [](const RunStep& step) { return step.watch == kNested; });
  EXPECT_EQ(plan.steps, before);
}

TEST(AddNested, IsEnoughInSomeTenRounds) {
  for (const auto& [rounds, pairs] : {std::pair{1U, 1}, {8U, 8}, {19U, 19}, {20U, 10}, {40U, 10}, {200U, 10}}) {
    RunPlan plan = plan_of(rounds);
    add_nested(plan);
    EXPECT_EQ(std::ranges::count(plan.steps, kNested, &RunStep::watch), 2 * pairs) << rounds;
  }
}

TEST(Interleave, NoRoundsAreNoSteps) { EXPECT_THAT(interleave(0, 2, true, 1), IsEmpty()); }

TEST(Interleave, OfEachTwoRoundsOneHasEitherOrder) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto steps = interleave(10, 2, true, seed);
    for (std::size_t i = 0; i < steps.size(); i += 12) EXPECT_NE(steps[i].variant, steps[i + 6].variant) << seed;
  }
}

// Drawn: 2^16 orders of 32 rounds, of which 50 seeds give 50.
TEST(Interleave, TheOrderIsDrawnAnewForEachSeedAndIsTheSameForTheSameOne) {
  std::set<std::vector<std::size_t>> orders;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<std::size_t> order;
    for (const RunStep& step : interleave(32, 2, false, seed)) order.push_back(step.variant);
    orders.insert(order);
    EXPECT_EQ(interleave(32, 2, false, seed), interleave(32, 2, false, seed));
  }
  EXPECT_EQ(orders.size(), 50U);
}

// A machine that drifts steadily adds its position to each run. Over two rounds the sums must be the same for all, or
// the drift would be taken for a difference.
TEST(Interleave, ASteadyDriftFallsOnAllKindsOfRunsAlike) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto steps = interleave(2, 2, true, seed);
    std::map<std::pair<std::size_t, Watch>, std::size_t> drift;
    for (std::size_t i = 0; i < steps.size(); ++i) drift[{steps[i].variant, steps[i].watch}] += i;
    for (const auto& [kind, sum] : drift) EXPECT_EQ(sum, 11U) << seed;
    EXPECT_EQ(drift.size(), 6U);
  }
}

TEST(Interleave, ManyVariantsAreInADrawnOrderAndThenBackwards) {
  constexpr std::size_t variants = 12;
  const auto steps = interleave(20, variants, false, 3);
  ASSERT_EQ(steps.size(), 20U * 2 * variants);
  std::set<std::vector<std::size_t>> orders;
  std::vector<std::size_t> before;
  for (std::span<const RunStep> left = steps; !left.empty();) {
    const auto round = first_pair(left);
    ASSERT_EQ(round.size(), variants);
    std::vector<std::size_t> order;
    for (const RunStep& step : round) order.push_back(step.variant);
    EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), variants) << "each once";
    const bool is_second = round.front().round % 2 == 0;
    if (is_second && round.front().watch == kNobody) {
      EXPECT_EQ(order, std::vector(before.rbegin(), before.rend()));
    }
    if (round.front().watch == kNobody) before = order;
    orders.insert(order);
    left = left.subspan(round.size());
  }
  EXPECT_EQ(orders.size(), 20U) << "of ten draws, each forwards and backwards";
}

}  // namespace
}  // namespace sockscope

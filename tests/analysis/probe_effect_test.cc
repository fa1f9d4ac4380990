#include "analysis/probe_effect.h"

#include <gtest/gtest.h>

#include "analysis/summary.h"

namespace sockscope {
namespace {

/// Round trips that take 9 us traced, with 24 events: 8 in the request's send stage, 16 in the response's deliver.
TracedSummary traced() {
  TracedSummary summary;
  CentralRoundTrips::Parts times{};
  CentralRoundTrips::Parts events{};
  times[1] = 3'000;
  events[1] = 8;
  times[13] = 6'000;
  events[13] = 16;
  for (int i = 0; i < 4; ++i) summary.central.add(times, events);
  return summary;
}

RunFigures run(unsigned round, Watched watched, double rtt_p50_ns, double events) {
  return {.round = round,
          .watched = watched,
          .values = {},
          .probe = RunFigures::Probe{.rtt_p50_ns = rtt_p50_ns, .events = events}};
}

/// Pairs of runs with 24 events and 4: 2 us longer by the 20 that only one of them records.
VariantSummary measured(unsigned pairs) {
  VariantSummary variant{.variant = variant_of(Protocol::kTcp), .untraced = std::nullopt, .traced = traced()};
  for (unsigned round = 1; round <= pairs; ++round) {
    const double slower = round % 3 == 0 ? 40 : 0;
    variant.runs.push_back(run(round, Watched::kTraced, 9'000 + slower, 24));
    variant.runs.push_back(run(round, Watched::kNested, 7'000 + slower, 4));
  }
  return variant;
}

TEST(ProbeEffect, IsTheTimeOfTheEventsThatOnlyOneOfTwoRunsRecords) {
  const auto effect = probe_effect_of(measured(2));
  ASSERT_TRUE(effect);
  EXPECT_DOUBLE_EQ(effect->event_ns.value, 100);
  EXPECT_FALSE(effect->event_ns.ci95) << "too few pairs for an interval";
  EXPECT_EQ(effect->pairs, 2U);
  EXPECT_DOUBLE_EQ(effect->events, 24);
  EXPECT_DOUBLE_EQ(effect->nested_events, 4);
}

TEST(ProbeEffect, IsTakenOffWhereTheEventsAre) {
  const auto effect = probe_effect_of(measured(2));
  ASSERT_TRUE(effect);
  ASSERT_EQ(effect->parts.size(), kRoundTripParts);
  EXPECT_EQ(effect->parts[1].direction, Direction::kRequest);
  EXPECT_EQ(effect->parts[1].stage, Stage::kSend);
  EXPECT_DOUBLE_EQ(effect->parts[1].traced_ns, 3'000);
  EXPECT_DOUBLE_EQ(effect->parts[1].events, 8);
  EXPECT_DOUBLE_EQ(effect->parts[1].corrected_ns.value, 2'200);
  EXPECT_DOUBLE_EQ(effect->parts[13].corrected_ns.value, 4'400);
  EXPECT_DOUBLE_EQ(effect->parts[0].corrected_ns.value, 0);
  EXPECT_DOUBLE_EQ(effect->traced_ns, 9'000);
  EXPECT_DOUBLE_EQ(effect->corrected_ns.value, 6'600);
}

TEST(ProbeEffect, HasTheIntervalOfTheTimeOfAnEvent) {
  VariantSummary variant = measured(10);
  variant.runs[1].probe->rtt_p50_ns -= 100;  // one nested run of the ten was faster
  const auto effect = probe_effect_of(variant);
  ASSERT_TRUE(effect && effect->event_ns.ci95 && effect->corrected_ns.ci95 && effect->parts[1].corrected_ns.ci95);
  EXPECT_TRUE(effect->event_ns.ci95->contains(100));
  EXPECT_DOUBLE_EQ(effect->corrected_ns.ci95->low, 9'000 - 24 * effect->event_ns.ci95->high);
  EXPECT_DOUBLE_EQ(effect->corrected_ns.ci95->high, 9'000 - 24 * effect->event_ns.ci95->low);
  EXPECT_DOUBLE_EQ(effect->parts[1].corrected_ns.ci95->low, 3'000 - 8 * effect->event_ns.ci95->high);
}

TEST(ProbeEffect, IsProvenByTheUntracedMedian) {
  VariantSummary variant = measured(2);
  EXPECT_FALSE(probe_effect_of(variant)->gap()) << "nothing to prove it by";
  variant.untraced.emplace();
  variant.untraced->rtt.record(6'000);
  const auto effect = probe_effect_of(variant);
  ASSERT_TRUE(effect->gap());
  // The histogram has it to within 0.2 %.
  EXPECT_NEAR(*effect->gap(), 0.1, 0.0025);
}

TEST(ProbeEffect, IsNotKnownWithoutPairsOfTheSameRound) {
  VariantSummary variant = measured(2);
  variant.traced.reset();
  EXPECT_FALSE(probe_effect_of(variant)) << "nothing to correct";
  variant = measured(1);
  variant.runs[1].round = 2;
  EXPECT_FALSE(probe_effect_of(variant)) << "the runs are of different rounds";
  variant = measured(1);
  variant.runs[1].probe->events = 24;
  EXPECT_FALSE(probe_effect_of(variant)) << "the sets are not nested";
  EXPECT_FALSE(probe_effect_of(measured(0)));
}

}  // namespace
}  // namespace sockscope

#include "analysis/summary.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

Histogram histogram_of(std::uint64_t value) {
  Histogram histogram;
  histogram.record(value);
  return histogram;
}

TEST(Summary, DirectionsAndStagesHaveTheirNames) {
  EXPECT_EQ(name_of(Direction::kRequest), "request");
  EXPECT_EQ(name_of(Direction::kServer), "server");
  EXPECT_EQ(name_of(Direction::kResponse), "response");
  EXPECT_EQ(name_of(Stage::kSend), "send");
  EXPECT_EQ(name_of(Stage::kDevice), "device");
  EXPECT_EQ(name_of(Stage::kBacklog), "backlog");
  EXPECT_EQ(name_of(Stage::kReceive), "receive");
  EXPECT_EQ(name_of(Stage::kWakeUp), "wake-up");
  EXPECT_EQ(name_of(Stage::kDeliver), "deliver");
  EXPECT_EQ(name_of(Stage::kTurnAround), "turn-around");
}

TEST(Summary, PathCountsAddUpFieldByField) {
  PathCounts counts{1, 2, 3, 4, 5, 6};
  counts += {10, 20, 30, 40, 50, 60};
  EXPECT_EQ(counts.round_trips, 11U);
  EXPECT_EQ(counts.syscalls, 22U);
  EXPECT_EQ(counts.skbs, 33U);
  EXPECT_EQ(counts.softirqs, 44U);
  EXPECT_EQ(counts.context_switches, 55U);
  EXPECT_EQ(counts.wakeups, 66U);
  EXPECT_EQ(counts.per_round_trip(counts.syscalls), 2.0);
  EXPECT_EQ(PathCounts{}.per_round_trip(7), 0.0);
}

TEST(Summary, DataQualityAddsUpFieldByField) {
  DataQuality quality{1, 2, 3, 4, 5, 6, false, 7, 8};
  quality += {10, 20, 30, 40, 50, 60, false, 70, 80};
  EXPECT_EQ(quality.lost_events, 11U);
  EXPECT_EQ(quality.undecoded_events, 22U);
  EXPECT_EQ(quality.unmatched_messages, 33U);
  EXPECT_EQ(quality.unmatched_wakeups, 44U);
  EXPECT_EQ(quality.out_of_order_records, 55U);
  EXPECT_EQ(quality.skipped_records, 66U);
  EXPECT_FALSE(quality.truncated);
  EXPECT_EQ(quality.switch_ins_from_records, 77U);
  EXPECT_EQ(quality.switch_ins, 88U);
}

TEST(Summary, OneTruncatedRecordingTruncatesTheSum) {
  DataQuality truncated;
  truncated.truncated = true;
  DataQuality whole;
  whole += truncated;
  EXPECT_TRUE(whole.truncated);
  whole += DataQuality{};
  EXPECT_TRUE(whole.truncated);
}

TEST(Summary, TracingCostIsTracedOverUntracedByTheSameClock) {
  VariantSummary protocol;
  EXPECT_FALSE(protocol.tracing_cost());
  UntracedSummary& untraced = protocol.untraced.emplace();
  untraced.rtt = histogram_of(10'000);
  EXPECT_FALSE(protocol.tracing_cost());
  TracedSummary& traced = protocol.traced.emplace();
  traced.rtt = histogram_of(24'000);
  EXPECT_FALSE(protocol.tracing_cost()) << "the trace's times are another clock's reading";
  traced.workload_rtt = histogram_of(25'000);
  EXPECT_EQ(protocol.tracing_cost(), 2.5);
  untraced.rtt = histogram_of(0);
  EXPECT_FALSE(protocol.tracing_cost());
}

}  // namespace
}  // namespace sockscope

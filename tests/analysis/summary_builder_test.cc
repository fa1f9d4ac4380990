#include "analysis/summary_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

const Variant kTcp = variant_of(Protocol::kTcp);
const Variant kUdp = variant_of(Protocol::kUdp);

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

Histogram histogram_of(const std::vector<std::uint64_t>& values) {
  Histogram histogram;
  for (const std::uint64_t value : values) histogram.record(value);
  return histogram;
}

TraceResult traced(Protocol protocol, int round_trips) {
  return analyse(ping_pong(protocol, round_trips), known_flow(protocol));
}

/// What the ends say of traced(protocol, round_trips): the workload's clock has the whole period.
EndsOfTracedRun ends_of(std::uint64_t round_trips) {
  return {.rtt = histogram_of(std::vector<std::uint64_t>(round_trips, 10'000)),
          .client = {.voluntary = round_trips, .involuntary = 0},
          .server = {.voluntary = round_trips, .involuntary = 0}};
}

std::vector<std::string> failing(const Summary& summary) {
  std::vector<std::string> names;
  for (const Law& law : summary.laws) {
    if (!law.holds) names.push_back(law.name);
  }
  return names;
}

TEST(SummaryBuilder, OfNothingIsEmpty) {
  const Summary summary = SummaryBuilder().build();
  EXPECT_THAT(summary.variants, IsEmpty());
  EXPECT_THAT(summary.laws, IsEmpty());
  EXPECT_TRUE(summary.data_quality.complete());
}

// A recording of the scheduler alone: its threads are those of the flow that the run knows.
TEST(SummaryBuilder, KeepsTheThreadsAloneWhereNoMessagesWereRecorded) {
  TraceResult trace = traced(Protocol::kTcp, 10);
  const SwitchCounts client = trace.protocols.front().summary.client.traced;
  EXPECT_NE(client.total(), 0U);
  trace.recorded = {.messages = false, .transmits = false, .udp_drops = false};
  SummaryBuilder builder;
  builder.add_traced(kTcp, 1, trace, ends_of(10));
  const Summary summary = builder.build();
  const TracedSummary& threads = *summary.variants.front().traced;
  EXPECT_FALSE(threads.is_followed);
  EXPECT_THAT(threads.stages, IsEmpty());
  EXPECT_TRUE(threads.rtt.empty());
  EXPECT_EQ(threads.workload_rtt.count(), 10U) << "what the tracing cost is known";
  EXPECT_EQ(threads.client.traced.total(), client.total());
  EXPECT_THAT(summary.laws, SizeIs(2)) << "one for the switches of each end";
}

TEST(SummaryBuilder, MergesUntracedRunsOfAProtocol) {
  SummaryBuilder builder;
  builder.add_untraced(kTcp, 1,
                       {.rtt = histogram_of({10, 30}),
                        .lost = 1,
                        .client = {.voluntary = 2, .involuntary = 3},
                        .server = {.voluntary = 4, .involuntary = 5},
                        .counters = {{"context-switches", 7}, {"page-faults", 1}},
                        .counted = 3});
  builder.add_untraced(kTcp, 1,
                       {.rtt = histogram_of({20, 60}),
                        .lost = 2,
                        .client = {.voluntary = 20, .involuntary = 30},
                        .server = {.voluntary = 40, .involuntary = 50},
                        .counters = {{"context-switches", 70}, {"cpu-migrations", 9}},
                        .counted = 40});
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  EXPECT_FALSE(summary.variants[0].traced);
  ASSERT_TRUE(summary.variants[0].untraced);
  const UntracedSummary& untraced = *summary.variants[0].untraced;
  EXPECT_EQ(untraced.rtt.count(), 4U);
  EXPECT_EQ(untraced.rtt.sum(), 120U);
  EXPECT_EQ(untraced.rtt.quantile(0.5), 20U);
  EXPECT_EQ(untraced.lost, 3U);
  EXPECT_EQ(untraced.client.voluntary, 22U);
  EXPECT_EQ(untraced.client.involuntary, 33U);
  EXPECT_EQ(untraced.server.voluntary, 44U);
  EXPECT_EQ(untraced.server.involuntary, 55U);
  EXPECT_EQ(untraced.counted, 43U);
  EXPECT_THAT(untraced.counters,
              ElementsAre(Pair("context-switches", 77), Pair("page-faults", 1), Pair("cpu-migrations", 9)));
}

TEST(SummaryBuilder, ListsTcpBeforeUdpWhateverRanFirst) {
  SummaryBuilder builder;
  builder.add_untraced(kUdp, 1, {.rtt = histogram_of({10})});
  builder.add_untraced(kTcp, 1, {.rtt = histogram_of({10})});
  EXPECT_THAT(builder.build().variants,
              ElementsAre(Field(&VariantSummary::variant, kTcp), Field(&VariantSummary::variant, kUdp)));
}

TEST(SummaryBuilder, MergesTracedRunsOfAProtocol) {
  SummaryBuilder builder;
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 2), ends_of(2));
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 3), ends_of(3));
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  ASSERT_TRUE(summary.variants[0].traced);
  const TracedSummary& sum = *summary.variants[0].traced;
  EXPECT_EQ(sum.rtt.count(), 5U);
  EXPECT_EQ(sum.workload_rtt.count(), 5U);
  EXPECT_EQ(sum.period.count(), 3U) << "1 of two requests and 2 of three, none from one run to the next";
  EXPECT_EQ(sum.messages, 10U);
  EXPECT_EQ(sum.matched, 10U);
  EXPECT_EQ(sum.counts.round_trips, 5U);
  EXPECT_EQ(sum.counts.syscalls, 20U);
  ASSERT_THAT(sum.stages, SizeIs(13));
  EXPECT_THAT(sum.stages, Each(Field(&StageSummary::absent, 0)));
  EXPECT_EQ(sum.stages.front().durations.count(), 5U);
  EXPECT_EQ(sum.client.traced.voluntary, 5U);
  ASSERT_TRUE(sum.client.getrusage);
  EXPECT_EQ(sum.client.getrusage->voluntary, 5U);
  EXPECT_EQ(sum.client.sch_delay.count(), 5U);
}

TEST(SummaryBuilder, ChecksTheLawsOnTheSumOfAllRuns) {
  SummaryBuilder builder;
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 2), ends_of(2));
  builder.add_traced(kUdp, 1, traced(Protocol::kUdp, 2), ends_of(2));
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 3), ends_of(3));
  const Summary summary = builder.build();
  EXPECT_THAT(summary.laws, SizeIs(13));  // 6 of TCP, 7 of UDP
  EXPECT_THAT(failing(summary), IsEmpty());
  EXPECT_EQ(summary.laws[0].name, "tcp: skbs queued = transmitted = received");
  EXPECT_EQ(summary.laws[0].detail, "net_dev_queue 10, net_dev_xmit 10, netif_rx 10, netif_receive_skb 10");
}

TEST(SummaryBuilder, FailsALawWhenTheEndsDisagreeWithTheTrace) {
  SummaryBuilder builder;
  EndsOfTracedRun ends = ends_of(2);
  ends.server.voluntary = 12;
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 2), ends);
  EXPECT_THAT(failing(builder.build()), ElementsAre("tcp: context switches of the server, trace = getrusage"));
}

TEST(SummaryBuilder, CountsWhatTheWorkloadLost) {
  SummaryBuilder builder;
  EndsOfTracedRun ends = ends_of(2);
  ends.lost = 4;
  builder.add_traced(kUdp, 1, traced(Protocol::kUdp, 2), ends);
  builder.add_traced(kUdp, 1, traced(Protocol::kUdp, 2), ends);
  EXPECT_EQ(builder.build().variants[0].traced->lost, 8U);
}

TEST(SummaryBuilder, FailsLawsOfARunWhoseTraceHasNoRoundTrip) {
  SummaryBuilder builder;
  builder.add_traced(kTcp, 1, analyse({}, known_flow(Protocol::kTcp)), ends_of(100));
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  EXPECT_TRUE(summary.variants[0].traced->rtt.empty());
  EXPECT_THAT(failing(summary),
              ElementsAre("tcp: trace = workload's clock", "tcp: context switches of the client, trace = getrusage",
                          "tcp: context switches of the server, trace = getrusage"));
}

TEST(SummaryBuilder, DoesNotTakeAnotherProtocolOfTheTraceForTheRuns) {
  SummaryBuilder builder;
  builder.add_traced(kUdp, 1, traced(Protocol::kTcp, 2), ends_of(2));
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  EXPECT_EQ(summary.variants[0].variant, kUdp);
  EXPECT_TRUE(summary.variants[0].traced->rtt.empty());
}

TEST(SummaryBuilder, KeepsUntracedAndTracedRunsOfAProtocolApart) {
  SummaryBuilder builder;
  builder.add_untraced(kTcp, 1, {.rtt = histogram_of({5'000})});
  builder.add_traced(kTcp, 1, traced(Protocol::kTcp, 1), ends_of(1));
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  EXPECT_EQ(summary.variants[0].untraced->rtt.max(), 5'000U);
  EXPECT_EQ(summary.variants[0].traced->workload_rtt.max(), 10'000U);
  EXPECT_EQ(summary.variants[0].tracing_cost(), 2.0);
}

TEST(SummaryBuilder, AddsUpTheQualityOfAllTraces) {
  TraceResult flawed = traced(Protocol::kTcp, 1);
  flawed.quality.lost_events = 3;
  flawed.quality.undecoded_events = 5;
  SummaryBuilder builder;
  builder.add_traced(kTcp, 1, flawed, ends_of(1));
  ASSERT_EQ(builder.build().data_quality.lost_events, 3U);
  builder.add_recording(flawed);
  EXPECT_EQ(builder.build().data_quality.lost_events, 6U);
  EXPECT_EQ(builder.build().data_quality.undecoded_events, 10U);
  EXPECT_EQ(builder.build().data_quality.switch_ins, 4U);
}

TEST(ForeignRecording, HasTheProtocolsFoundInItAndNothingOfAWorkload) {
  SummaryBuilder builder;
  builder.add_recording(analyse(ping_pong(Protocol::kTcp, 3)));
  const Summary summary = builder.build();
  ASSERT_THAT(summary.variants, SizeIs(1));
  EXPECT_EQ(summary.variants[0].variant, kTcp);
  EXPECT_FALSE(summary.variants[0].untraced);
  const TracedSummary& sum = *summary.variants[0].traced;
  EXPECT_EQ(sum.rtt.count(), 3U);
  EXPECT_TRUE(sum.workload_rtt.empty());
  EXPECT_FALSE(sum.client.getrusage);
  EXPECT_EQ(summary.variants[0].tracing_cost(), std::nullopt);
}

TEST(ForeignRecording, IsHeldAgainstTheLawsThatNeedNoWorkload) {
  SummaryBuilder builder;
  builder.add_recording(analyse(ping_pong(Protocol::kTcp, 3)));
  EXPECT_THAT(builder.build().laws, ElementsAre(Field(&Law::name, "tcp: messages sent = messages followed"),
                                                Field(&Law::name, "tcp: stages add up to the round trip"),
                                                Field(&Law::name, "skbs queued = transmitted = received")));
  EXPECT_THAT(failing(builder.build()), IsEmpty());
}

// The recording holds everybody's packets: their law is of no protocol.
TEST(ForeignRecording, CountsItsPacketsOnceForAllProtocols) {
  SummaryBuilder builder;
  builder.add_recording(analyse(ping_pong(Protocol::kTcp, 3)));
  builder.add_recording(analyse(ping_pong(Protocol::kUdp, 2)));
  const Summary summary = builder.build();
  EXPECT_EQ(summary.laws.back().name, "skbs queued = transmitted = received");
  EXPECT_EQ(summary.laws.back().variant, "");
  EXPECT_EQ(summary.laws.back().detail, "net_dev_queue 10, net_dev_xmit 10, netif_rx 10, netif_receive_skb 10");
}

TEST(ForeignRecording, IsNotHeldAgainstAPacketEventThatItLacks) {
  SummaryBuilder builder;
  builder.add_recording(analyse(ping_pong(Protocol::kTcp, 3).without<NetDevXmit>()));
  EXPECT_THAT(builder.build().laws, Not(Contains(Field(&Law::name, "skbs queued = transmitted = received"))));
}

// The skbs of the whole machine are in the recording: how they fare says nothing of the programs.
TEST(RecordingOfPrograms, IsHeldToTheOwnersOfItsSkbsAlone) {
  SummaryBuilder builder;
  TraceResult trace;
  trace.packets = {.queued = 10, .transmitted = 9, .rx = 8, .received = 7};
  trace.skbs_of_nobody = 2;
  builder.add_recording(trace);
  const Summary summary = builder.build();
  ASSERT_EQ(summary.laws.size(), 1U);
  EXPECT_EQ(summary.laws[0].name, "skbs of the programs = of their sockets");
  EXPECT_FALSE(summary.laws[0].holds);
}

}  // namespace
}  // namespace sockscope

#include "analysis/protocol_totals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/analysis/event_log.h"

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Pair;

/// 300 + 100 + 200 + 200 + 400 + 200 = 1400, from `start_ns` on.
MessagePath path_from(std::uint64_t start_ns) {
  return {.enter_ns = start_ns,
          .queue_ns = start_ns + 300,
          .rx_ns = start_ns + 400,
          .receive_ns = start_ns + 600,
          .ready_ns = start_ns + 700,
          .waking_ns = start_ns + 800,
          .switch_ns = start_ns + 1200,
          .exit_ns = start_ns + 1400};
}

PathCounts counts(std::uint64_t each) {
  return {.syscalls = each, .skbs = each, .softirqs = each, .context_switches = each, .wakeups = each};
}

TEST(ProtocolTotals, AddsARoundTripUpFromItsStages) {
  ProtocolTotals totals(Protocol::kTcp);
  totals.round_trip(path_from(1000), path_from(2600));  // 200 after the request's end at 2400
  const ProtocolTrace trace = totals.result();
  EXPECT_EQ(trace.protocol, Protocol::kTcp);
  EXPECT_EQ(trace.unsound, 0U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);  // 1400 + 200 + 1400
  EXPECT_THAT(lines_of(trace.summary.stages),
              ElementsAre("request send 300", "request device 100", "request backlog 200", "request receive 200",
                          "request wake-up 400", "request deliver 200", "server turn-around 200", "response send 300",
                          "response device 100", "response backlog 200", "response receive 200", "response wake-up 400",
                          "response deliver 200"));
}

TEST(ProtocolTotals, MeasuresEachWayByItself) {
  ProtocolTotals totals(Protocol::kTcp);
  MessagePath slower = path_from(2600);
  slower.exit_ns += 100;
  totals.round_trip(path_from(1000), slower);
  const TracedSummary summary = totals.result().summary;
  EXPECT_EQ(summary.request_one_way.count(), 1U);
  EXPECT_EQ(summary.request_one_way.max(), 1400U);
  EXPECT_EQ(summary.response_one_way.count(), 1U);
  EXPECT_EQ(summary.response_one_way.max(), 1500U);
  EXPECT_EQ(summary.rtt.max(), 3100U);  // 1400 + 200 + 1500
}

TEST(ProtocolTotals, HasAllStagesInPathOrderBeforeTheFirstRoundTrip) {
  const ProtocolTotals totals(Protocol::kUdp);
  EXPECT_TRUE(totals.empty());
  EXPECT_EQ(totals.result().summary.stages.size(), 13U);
  EXPECT_THAT(lines_of(totals.result().summary.stages), Each(EndsWith(" absent")));
}

TEST(ProtocolTotals, CountsAnAbsentStageInsteadOfRecordingAZero) {
  ProtocolTotals totals(Protocol::kTcp);
  MessagePath not_woken = path_from(1000);
  not_woken.waking_ns = not_woken.switch_ns = 0;
  totals.round_trip(not_woken, path_from(2600));
  totals.round_trip(path_from(11'000), path_from(12'600));
  const auto lines = lines_of(totals.result().summary.stages);
  EXPECT_THAT(lines, Contains("request wake-up 400, absent 1"));
  EXPECT_THAT(lines, Contains("request receive 100..200"));  // To data ready without, to the waking with a wake-up.
  EXPECT_THAT(lines, Contains("request deliver 200..700"));
  EXPECT_THAT(lines, Contains("response wake-up 400"));
}

class UnsoundRoundTrip : public testing::Test {
 protected:
  void SetUp() override {
    totals_.round_trip(path_from(1000), path_from(2600));
    ASSERT_EQ(totals_.result().unsound, 0U);
  }

  void expect_unsound(const MessagePath& request, const MessagePath& response) {
    totals_.round_trip(request, response);
    EXPECT_EQ(totals_.result().unsound, 1U);
    EXPECT_EQ(totals_.result().summary.rtt.count(), 1U) << "it must not be recorded";
    EXPECT_EQ(totals_.result().summary.stages.front().durations.count(), 1U);
    EXPECT_EQ(totals_.result().summary.request_one_way.count(), 1U);
  }

  ProtocolTotals totals_{Protocol::kTcp};
};

TEST_F(UnsoundRoundTrip, IsOneWithANegativeStageInItsRequest) {
  MessagePath request = path_from(1000);
  request.rx_ns = request.queue_ns - 1;
  expect_unsound(request, path_from(2600));
}

TEST_F(UnsoundRoundTrip, IsOneWithANegativeStageInItsResponse) {
  MessagePath response = path_from(2600);
  response.switch_ns = response.exit_ns + 1;
  expect_unsound(path_from(1000), response);
}

TEST_F(UnsoundRoundTrip, IsOneAnsweredBeforeItsRequestHadArrived) {
  totals_.round_trip(path_from(11'000), path_from(12'400));  // At once: a turn-around of 0 is possible.
  ASSERT_EQ(totals_.result().unsound, 0U);
  totals_.round_trip(path_from(21'000), path_from(22'399));
  EXPECT_EQ(totals_.result().unsound, 1U);
  EXPECT_EQ(totals_.result().summary.rtt.count(), 2U);
}

TEST_F(UnsoundRoundTrip, IsOneWhoseStagesAreLongerThanTimeIs) {
  constexpr std::uint64_t longest = std::numeric_limits<std::int64_t>::max();
  // Three stages that come round to where they began: 2^64 ns in all.
  MessagePath request = path_from(1000);
  request.queue_ns = request.enter_ns + longest;
  request.rx_ns = request.queue_ns + longest;
  request.receive_ns = request.rx_ns + 2 + 600;
  expect_unsound(request, path_from(2600));
}

TEST(ProtocolTotals, CountsBetweenTheFirstRequestAndTheLastResponse) {
  ProtocolTotals totals(Protocol::kTcp);
  // Thread 100 had counted 10 of everything when it sent its first request and 14 when the last answer came, 200 had
  // 20 and 26: (14 - 10) + (26 - 20) = 10 of everything in two round trips.
  totals.request_sent();
  totals.counts_at_request(100, true, counts(10));
  totals.counts_at_request(200, false, counts(20));
  totals.counts_at_response(100, counts(12));
  totals.counts_at_response(200, counts(23));
  totals.request_sent();
  totals.counts_at_request(100, true, counts(12));
  totals.counts_at_request(200, false, counts(23));
  totals.counts_at_response(100, counts(14));
  totals.counts_at_response(200, counts(26));
  const PathCounts sum = totals.result().summary.counts;
  EXPECT_EQ(sum.round_trips, 2U);
  EXPECT_EQ(sum.syscalls, 10U);
  EXPECT_EQ(sum.skbs, 10U);
  EXPECT_EQ(sum.softirqs, 10U);
  EXPECT_EQ(sum.context_switches, 10U);
  EXPECT_EQ(sum.wakeups, 10U);
  EXPECT_DOUBLE_EQ(sum.per_round_trip(sum.syscalls), 5.0);
}

TEST(ProtocolTotals, LeavesARequestWithoutAnAnswerOutOfTheCounts) {
  ProtocolTotals totals(Protocol::kTcp);
  totals.request_sent();
  totals.counts_at_request(100, true, counts(10));
  totals.counts_at_response(100, counts(14));
  totals.request_sent();
  totals.counts_at_request(100, true, counts(19));
  EXPECT_EQ(totals.result().summary.counts.round_trips, 1U);
  EXPECT_EQ(totals.result().summary.counts.syscalls, 4U);
}

TEST(ProtocolTotals, DoesNotCountAThreadThatTookNoPartInAnyRequest) {
  ProtocolTotals totals(Protocol::kTcp);
  totals.request_sent();
  totals.counts_at_request(100, true, counts(10));
  totals.counts_at_response(100, counts(14));
  totals.counts_at_response(300, counts(1000));
  EXPECT_EQ(totals.result().summary.counts.syscalls, 4U);
  EXPECT_THAT(totals.threads(), ElementsAre(Pair(100, true)));
}

TEST(ProtocolTotals, KnowsTheThreadsOfItsFlowsAndTheirRoles) {
  ProtocolTotals totals(Protocol::kTcp);
  totals.counts_at_request(200, false, {});
  totals.counts_at_request(100, true, {});
  EXPECT_THAT(totals.threads(), ElementsAre(Pair(100, true), Pair(200, false)));
}

TEST(ProtocolTotals, CountsMessagesSentAndMatchedAndPeriods) {
  ProtocolTotals totals(Protocol::kUdp);
  for (int i = 0; i < 3; ++i) totals.message_sent();
  for (int i = 0; i < 2; ++i) totals.message_matched();
  totals.period(7000);
  EXPECT_EQ(totals.result().summary.messages, 3U);
  EXPECT_EQ(totals.result().summary.matched, 2U);
  EXPECT_EQ(totals.result().summary.period.count(), 1U);
  EXPECT_EQ(totals.result().summary.period.max(), 7000U);
}

}  // namespace
}  // namespace sockscope

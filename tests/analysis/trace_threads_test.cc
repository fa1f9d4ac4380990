// What TraceAnalysis tells of the threads at both ends: wake-ups, switches, who they are.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsSupersetOf;

constexpr std::int32_t kIdle = 0;

TracedSummary tcp_summary(const TraceResult& result) { return trace_of(result, Protocol::kTcp).summary; }

/// Both ends on CPUs of their own, whose idle task sched_switch does not show (facts/tracepoints.md 4d): switches away
/// from the ends are all there, switches to them only as PERF_RECORD_SWITCH, 10 ns later.
EventLog with_invisible_idle_task() {
  EventLog log;
  for (const Event& event : ping_pong(Protocol::kTcp)) {
    const auto* const change = std::get_if<SchedSwitch>(&event.body);
    if (change == nullptr) {
      log.in(event.tid).add(event.time_ns, event.body);
    } else {
      log.in(change->prev_pid).switch_to(event.time_ns, kIdle);
      log.in(change->next_pid).switch_in(event.time_ns + 10);
    }
  }
  return log;
}

TEST(SwitchRecords, EndTheWakeUpWhereSchedSwitchDoesNot) {
  const TraceResult result = analyse(with_invisible_idle_task(), known_flow(Protocol::kTcp));
  EXPECT_EQ(tcp_summary(result).rtt.max(), 3000U);
  EXPECT_THAT(lines_of(tcp_summary(result).stages), IsSupersetOf({"request wake-up 410", "request deliver 190",
                                                                  "response wake-up 410", "response deliver 190"}));
  EXPECT_EQ(result.quality.switch_ins, 2U);
  EXPECT_EQ(result.quality.switch_ins_from_records, 2U);
  EXPECT_EQ(result.quality.unmatched_wakeups, 0U);
}

TEST(SwitchRecords, AddNothingWhereSchedSwitchCameFirst) {
  EventLog records;
  records.in(kServerTid).switch_in(2210).in(kClientTid).switch_in(3810);
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).with(records), known_flow(Protocol::kTcp));
  EXPECT_THAT(lines_of(tcp_summary(result).stages), ElementsAreArray(stages_of_a_ping_pong()));
  EXPECT_EQ(result.quality.switch_ins, 2U);
  EXPECT_EQ(result.quality.switch_ins_from_records, 0U);
}

TEST(WakeUpWithoutASwitchIn, IsCountedAndPartOfTheDelivery) {
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).without<SchedSwitch>(), known_flow(Protocol::kTcp));
  EXPECT_EQ(tcp_summary(result).rtt.max(), 3000U);
  EXPECT_EQ(result.quality.unmatched_wakeups, 2U);
  EXPECT_THAT(lines_of(tcp_summary(result).stages),
              IsSupersetOf({"request receive 200", "request wake-up absent", "request deliver 600"}));
}

TEST(SecondWaking, OfAThreadNotYetOnACpuDoesNotMoveTheFirst) {
  EventLog second;
  second.in(300).waking(1900, kServerTid);
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).with(second), known_flow(Protocol::kTcp));
  EXPECT_THAT(lines_of(tcp_summary(result).stages), ElementsAreArray(stages_of_a_ping_pong()));
  EXPECT_EQ(tcp_summary(result).counts.wakeups, 3U);
}

TEST(ThreadOfAFlow, HasItsTimesAndSwitches) {
  const TracedSummary summary = tcp_summary(analyse(ping_pong(Protocol::kTcp, 2), known_flow(Protocol::kTcp)));
  // Leaves at 2200, is woken at 3400 and runs from 3800; the same 10,000 later: the second time at 12,200.
  EXPECT_EQ(summary.client.traced.voluntary, 2U);
  EXPECT_EQ(summary.client.traced.involuntary, 0U);
  EXPECT_EQ(summary.client.sleeping_ns, 2400U);  // twice 1200
  EXPECT_EQ(summary.client.runnable_ns, 800U);   // twice 400
  EXPECT_EQ(summary.client.running_ns, 8400U);   // 3800 to 12,200
  EXPECT_EQ(summary.client.sch_delay.count(), 2U);
  EXPECT_EQ(summary.client.sch_delay.max(), 400U);
  // Woken at 1800, runs 2200 to 3800, is woken at 11,800, runs 12,200 to 13,800.
  EXPECT_EQ(summary.server.traced.voluntary, 2U);
  EXPECT_EQ(summary.server.sleeping_ns, 8000U);  // 3800 to 11,800
  EXPECT_EQ(summary.server.runnable_ns, 800U);
  EXPECT_EQ(summary.server.running_ns, 3200U);  // twice 1600
  EXPECT_EQ(summary.server.sch_delay.count(), 2U);
}

TEST(ThreadOfAFlow, CountsInItsOwnWindowOnly) {
  const auto flow = known_flow(Protocol::kTcp, {.from_ns = 10'000, .to_ns = 20'000}, {.from_ns = 0, .to_ns = 4000});
  const TracedSummary summary = tcp_summary(analyse(ping_pong(Protocol::kTcp, 2), flow));
  EXPECT_EQ(summary.client.traced.voluntary, 1U);   // at 12,200
  EXPECT_EQ(summary.client.sch_delay.count(), 1U);  // at 13,800
  EXPECT_EQ(summary.server.traced.voluntary, 1U);   // at 3800
  EXPECT_EQ(summary.server.sch_delay.count(), 1U);  // at 2200
  EXPECT_EQ(summary.rtt.count(), 2U) << "messages do not depend on the windows";
}

TEST(ThreadOfAFlow, TellsPreemptionFromBlocking) {
  EventLog preempted;
  preempted.in(kClientTid).switch_to(1920, 300, true).switch_to(1930, kClientTid);
  const TracedSummary summary =
      tcp_summary(analyse(ping_pong(Protocol::kTcp).with(preempted), known_flow(Protocol::kTcp)));
  EXPECT_EQ(summary.client.traced.voluntary, 1U);
  EXPECT_EQ(summary.client.traced.involuntary, 1U);
  EXPECT_EQ(summary.client.runnable_ns, 410U);  // 10 preempted, 400 woken
  EXPECT_EQ(summary.counts.context_switches, 3U);
}

TEST(ThreadOfAFlow, CountsItsMigrations) {
  EventLog moves;
  moves.in(300).migrate(1810, kServerTid).migrate(1820, kServerTid).migrate(1830, 300);
  const TracedSummary summary = tcp_summary(analyse(ping_pong(Protocol::kTcp).with(moves), known_flow(Protocol::kTcp)));
  EXPECT_EQ(summary.server.migrations, 2U);
  EXPECT_EQ(summary.client.migrations, 0U);
}

TEST(ThreadOfAFlow, IsNamedByItsSwitches) {
  EventLog log;
  for (const Event& event : ping_pong(Protocol::kTcp)) {
    log.in(event.tid);
    if (const auto* const change = std::get_if<SchedSwitch>(&event.body); change != nullptr) {
      SchedSwitch named = *change;
      named.prev_comm = change->prev_pid == kClientTid ? "echo-client" : "echo-server";
      log.add(event.time_ns, named);
    } else {
      log.add(event.time_ns, event.body);
    }
  }
  const TracedSummary summary = tcp_summary(analyse(log, known_flow(Protocol::kTcp)));
  EXPECT_EQ(summary.client.comm, "echo-client");
  EXPECT_EQ(summary.server.comm, "echo-server");
}

TEST(ThreadOfAFlow, IsToldOnceTheFlowIsFound) {
  const TracedSummary summary = tcp_summary(analyse(ping_pong(Protocol::kTcp, 3)));
  // From the first sock_send_length at 1900 on, the client leaves three times.
  EXPECT_EQ(summary.client.traced.voluntary, 3U);
  EXPECT_EQ(summary.server.traced.voluntary, 3U);
  EXPECT_EQ(summary.client.sch_delay.count(), 3U);
  // The server's first switch-in at 2200 comes before the sock_recv_length that names its socket.
  EXPECT_EQ(summary.server.sch_delay.count(), 2U);
}

TEST(OtherThreads, AreNotCountedInTheQuality) {
  EventLog others;
  others.in(300).switch_to(1010, 301).switch_to(1020, 300).in(301).switch_in(1030);
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).with(others), known_flow(Protocol::kTcp));
  EXPECT_EQ(result.quality.switch_ins, 2U);
  EXPECT_EQ(result.quality.switch_ins_from_records, 0U);
}

}  // namespace
}  // namespace sockscope

#include "analysis/summary.h"

#include <algorithm>

namespace sockscope {

namespace {

void add(std::vector<StageSummary>& stages, const StageSummary& run) {
  const auto same = std::ranges::find_if(
      stages, [&](const StageSummary& stage) { return stage.direction == run.direction && stage.stage == run.stage; });
  if (same == stages.end()) {
    stages.push_back(run);
  } else {
    same->durations.merge(run.durations);
    same->absent += run.absent;
  }
}

}  // namespace

PathCounts& PathCounts::operator+=(const PathCounts& other) {
  round_trips += other.round_trips;
  syscalls += other.syscalls;
  skbs += other.skbs;
  softirqs += other.softirqs;
  context_switches += other.context_switches;
  wakeups += other.wakeups;
  return *this;
}

SessionTotals& SessionTotals::operator+=(const SessionTotals& other) {
  sockets += other.sockets;
  skbs += other.skbs;
  data_skbs += other.data_skbs;
  data_skb_bytes += other.data_skb_bytes;
  copies += other.copies;
  receive_queue_drops += other.receive_queue_drops;
  socket_state_changes += other.socket_state_changes;
  syscalls += other.syscalls;
  syscalls_before += other.syscalls_before;
  context_switches += other.context_switches;
  wakeups += other.wakeups;
  softirqs += other.softirqs;
  for (const auto& [reason, count] : other.drops) drops[reason] += count;
  return *this;
}

ThreadSummary& ThreadSummary::operator+=(const ThreadSummary& other) {
  if (comm.empty()) comm = other.comm;
  traced += other.traced;
  if (other.getrusage) getrusage = getrusage.value_or(SwitchCounts{}) += *other.getrusage;
  running_ns += other.running_ns;
  runnable_ns += other.runnable_ns;
  sleeping_ns += other.sleeping_ns;
  migrations += other.migrations;
  sch_delay.merge(other.sch_delay);
  return *this;
}

TracedSummary& TracedSummary::operator+=(const TracedSummary& other) {
  rtt.merge(other.rtt);
  period.merge(other.period);
  request_one_way.merge(other.request_one_way);
  response_one_way.merge(other.response_one_way);
  workload_rtt.merge(other.workload_rtt);
  lost += other.lost;
  messages += other.messages;
  matched += other.matched;
  is_followed = is_followed && other.is_followed;
  counts += other.counts;
  if (other.session) session = session.value_or(SessionTotals{}) += *other.session;
  if (unit.empty()) unit = other.unit;
  units += other.units;
  for (const StageSummary& stage : other.stages) add(stages, stage);
  devices += other.devices;
  central.merge(other.central);
  client += other.client;
  server += other.server;
  return *this;
}

std::optional<double> VariantSummary::tracing_cost() const {
  if (!untraced || !traced || traced->workload_rtt.empty()) return std::nullopt;
  const std::uint64_t undisturbed = untraced->rtt.quantile(0.5);
  if (undisturbed == 0) return std::nullopt;
  return static_cast<double>(traced->workload_rtt.quantile(0.5)) / static_cast<double>(undisturbed);
}

DataQuality& DataQuality::operator+=(const DataQuality& other) {
  lost_events += other.lost_events;
  undecoded_events += other.undecoded_events;
  unmatched_messages += other.unmatched_messages;
  unmatched_wakeups += other.unmatched_wakeups;
  out_of_order_records += other.out_of_order_records;
  skipped_records += other.skipped_records;
  truncated = truncated || other.truncated;
  switch_ins_from_records += other.switch_ins_from_records;
  switch_ins += other.switch_ins;
  return *this;
}

}  // namespace sockscope

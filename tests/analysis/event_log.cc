#include "tests/analysis/event_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/trace_analysis.h"

namespace sockscope {
namespace {

std::string text_of(const StageSummary& stage) {
  const Histogram& durations = stage.durations;
  if (durations.empty()) return "absent";
  std::string text = durations.min() == durations.max() ? fmt::format("{}", durations.min())
                                                        : fmt::format("{}..{}", durations.min(), durations.max());
  if (stage.absent != 0) text += fmt::format(", absent {}", stage.absent);
  return text;
}

}  // namespace

EventLog& EventLog::in(std::int32_t tid) {
  tid_ = tid;
  return *this;
}

EventLog& EventLog::add(std::uint64_t time_ns, const EventBody& body) {
  events_.push_back({.time_ns = time_ns, .tid = tid_, .body = body});
  return *this;
}

EventLog& EventLog::send(std::uint64_t time_ns, int fd, std::uint64_t length) {
  return add(time_ns, SyscallEnter{.kind = SyscallKind::kSend, .fd = fd, .length = length});
}

EventLog& EventLog::sendmsg(std::uint64_t time_ns, int fd) {
  return add(time_ns, SyscallEnter{.kind = SyscallKind::kSend, .fd = fd, .length = {}});
}

EventLog& EventLog::recv(std::uint64_t time_ns, int fd) {
  return add(time_ns, SyscallEnter{.kind = SyscallKind::kReceive, .fd = fd, .length = 65'536});
}

EventLog& EventLog::other_call(std::uint64_t time_ns) { return add(time_ns, SyscallEnter{}); }

EventLog& EventLog::exit(std::uint64_t time_ns, std::int64_t ret) { return add(time_ns, SyscallExit{.ret = ret}); }

EventLog& EventLog::sock(std::uint64_t time_ns, std::uint64_t sk, Protocol protocol) {
  return add(time_ns, SockLength{.sk = sk, .pid = tid_, .is_inet = true, .protocol = protocol});
}

EventLog& EventLog::queue(std::uint64_t time_ns, std::uint64_t skb, std::uint32_t len) {
  return add(time_ns, NetDevQueue{.skbaddr = skb, .len = len, .device = NetDevice::kLoopback});
}

EventLog& EventLog::rx(std::uint64_t time_ns, std::uint64_t skb) {
  return add(time_ns, NetifRx{.skbaddr = skb, .device = NetDevice::kLoopback});
}

EventLog& EventLog::xmit(std::uint64_t time_ns) { return add(time_ns, NetDevXmit{.device = NetDevice::kLoopback}); }

EventLog& EventLog::softirq(std::uint64_t time_ns) { return add(time_ns, NetRxSoftirq{}); }

EventLog& EventLog::receive(std::uint64_t time_ns, std::uint64_t skb) {
  return add(time_ns, NetifReceiveSkb{.skbaddr = skb, .device = NetDevice::kLoopback});
}

EventLog& EventLog::probe(std::uint64_t time_ns, std::uint64_t skb, std::uint64_t sk, std::uint16_t data_len) {
  return add(time_ns, TcpProbe{.skbaddr = skb, .skaddr = sk, .data_len = data_len});
}

EventLog& EventLog::ready(std::uint64_t time_ns, std::uint64_t sk) { return add(time_ns, SkDataReady{.skaddr = sk}); }

EventLog& EventLog::waking(std::uint64_t time_ns, std::int32_t pid) { return add(time_ns, SchedWaking{.pid = pid}); }

EventLog& EventLog::migrate(std::uint64_t time_ns, std::int32_t pid) {
  return add(time_ns, SchedMigrateTask{.pid = pid});
}

EventLog& EventLog::switch_to(std::uint64_t time_ns, std::int32_t next, bool is_involuntary) {
  add(time_ns, SchedSwitch{.prev_pid = tid_, .next_pid = next, .is_involuntary = is_involuntary, .prev_comm = {}});
  return in(next);
}

EventLog& EventLog::switch_in(std::uint64_t time_ns) { return add(time_ns, SwitchIn{.tid = tid_}); }

EventLog EventLog::with(const EventLog& other) const {
  EventLog merged = *this;
  merged.events_.insert(merged.events_.end(), other.events_.begin(), other.events_.end());
  std::ranges::stable_sort(merged.events_, {}, &Event::time_ns);
  return merged;
}

TraceResult analyse(const EventLog& log, std::span<const KnownFlow> flows) {
  TraceAnalysis analysis(flows);
  for (const Event& event : log) analysis.on(event);
  return analysis.result();
}

std::vector<std::string> lines_of(const std::vector<StageSummary>& stages) {
  std::vector<std::string> lines;
  lines.reserve(stages.size());
  for (const StageSummary& stage : stages) {
    lines.push_back(fmt::format("{} {} {}", name_of(stage.direction), name_of(stage.stage), text_of(stage)));
  }
  return lines;
}

ProtocolTrace trace_of(const TraceResult& result, Protocol protocol) {
  const auto found = std::ranges::find(result.protocols, protocol, &ProtocolTrace::protocol);
  return found == result.protocols.end() ? ProtocolTrace{} : *found;
}

}  // namespace sockscope

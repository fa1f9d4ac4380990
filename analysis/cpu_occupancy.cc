#include "analysis/cpu_occupancy.h"

#include <algorithm>

namespace sockscope {

CpuOccupancy::CpuOccupancy(std::span<const Event> events, std::uint64_t gap_from_ns, std::uint64_t gap_to_ns)
    : gap_from_ns_(gap_from_ns), gap_to_ns_(gap_to_ns) {
  for (const Event& event : events) {
    if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
      add(event.cpu, {.time_ns = event.time_ns, .prev = change->prev_pid, .next = change->next_pid});
    } else if (const auto* const in = std::get_if<SwitchIn>(&event.body)) {
      const auto prev = in->prev_tid < 0 ? std::nullopt : std::optional(in->prev_tid);
      add(event.cpu, {.time_ns = event.time_ns, .prev = prev, .next = in->tid});
    }
  }
}

/// The record of a switch comes after the tracepoint of the same one.
void CpuOccupancy::add(std::uint32_t cpu, const Switch& change) {
  auto& switches = switches_[cpu];
  if (!switches.empty() && switches.back().next == change.next && change.prev != change.next) {
    if (!change.prev || change.prev == switches.back().prev) return;
  }
  switches.push_back(change);
}

std::vector<CpuOccupancy::Stretch> CpuOccupancy::between(std::uint32_t cpu, std::uint64_t from_ns,
                                                         std::uint64_t to_ns) const {
  std::vector<Stretch> stretches;
  const auto found = switches_.find(cpu);
  const auto switches = found == switches_.end() ? std::span<const Switch>() : std::span(found->second);
  while (from_ns < to_ns) {
    stretches.push_back(stretch_from(switches, from_ns, to_ns));
    from_ns = stretches.back().to_ns;
  }
  return stretches;
}

/// Until the next switch. Who that one switches from had the CPU; who the one before switched to, at the beginning.
CpuOccupancy::Stretch CpuOccupancy::stretch_from(std::span<const Switch> switches, std::uint64_t from_ns,
                                                 std::uint64_t to_ns) const {
  const auto after = std::ranges::upper_bound(switches, from_ns, {}, &Switch::time_ns);
  const Switch* const before = after == switches.begin() ? nullptr : &*(after - 1);
  Stretch stretch{.from_ns = from_ns, .to_ns = to_ns, .tid = std::nullopt};
  if (before != nullptr) stretch.tid = before->next;
  const bool has_end = after != switches.end();
  if (has_end) stretch.to_ns = std::min(to_ns, after->time_ns);
  if (has_end && after->prev) stretch.tid = after->prev;
  const bool is_seen_whole = before != nullptr && before->next == stretch.tid;
  const bool spans_gap = stretch.from_ns < gap_to_ns_ && stretch.to_ns > gap_from_ns_;
  stretch.is_certain = is_seen_whole && !spans_gap;
  return stretch;
}

}  // namespace sockscope

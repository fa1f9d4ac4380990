#include "analysis/thread_absences.h"

#include <limits>

namespace sockscope {
namespace {

/// Whether it shows that the thread has a CPU from here on. What runs in a thread's context shows it as well, on
/// machines on which the switch itself is invisible.
bool is_back(std::int32_t tid, const Event& event) {
  if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) return change->next_pid == tid;
  if (const auto* const in = std::get_if<SwitchIn>(&event.body)) return in->tid == tid;
  return event.tid == tid;
}

bool leaves(std::int32_t tid, const Event& event) {
  const auto* const change = std::get_if<SchedSwitch>(&event.body);
  return change != nullptr && change->prev_pid == tid && change->next_pid != tid;
}

}  // namespace

std::vector<Absence> absences_of(std::int32_t tid, std::span<const Event> events) {
  std::vector<Absence> absences;
  bool is_away = false;
  for (const Event& event : events) {
    if (leaves(tid, event)) {
      absences.push_back({.from_ns = event.time_ns,
                          .to_ns = std::numeric_limits<std::uint64_t>::max(),
                          .is_preempted = std::get<SchedSwitch>(event.body).is_involuntary,
                          .from_cpu = event.cpu});
      is_away = true;
      continue;
    }
    if (!is_away) continue;
    Absence& now = absences.back();
    if (is_back(tid, event)) {
      now.to_ns = event.time_ns;
      now.to_cpu = event.cpu;
      is_away = false;
      continue;
    }
    const auto* const waking = std::get_if<SchedWaking>(&event.body);
    if (waking != nullptr && waking->pid == tid && now.woken_ns == 0) now.woken_ns = event.time_ns;
    const auto* const migration = std::get_if<SchedMigrateTask>(&event.body);
    if (migration != nullptr && migration->pid == tid && now.migrated_ns == 0) now.migrated_ns = event.time_ns;
  }
  return absences;
}

}  // namespace sockscope

#pragma once

#include <variant>

#include "analysis/event.h"

namespace sockscope {

/// Calls `visit(tid)` for each task that an event speaks of, some of them more than once.
template <class Visitor>
void for_each_task(const Event& event, Visitor visit) {
  visit(event.tid);
  if (const auto* const change = std::get_if<SchedSwitch>(&event.body)) {
    visit(change->prev_pid);
    visit(change->next_pid);
  }
  if (const auto* const in = std::get_if<SwitchIn>(&event.body)) visit(in->tid);
  if (const auto* const waking = std::get_if<SchedWaking>(&event.body)) visit(waking->pid);
  if (const auto* const migration = std::get_if<SchedMigrateTask>(&event.body)) visit(migration->pid);
}

}  // namespace sockscope

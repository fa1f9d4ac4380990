#include "analysis/switch_witness.h"

#include <variant>

#include "analysis/thread_table.h"

namespace sockscope {

void SwitchWitness::on(const Event& event, const StoryContext& before) {
  const auto* const change = std::get_if<SchedSwitch>(&event.body);
  if (change == nullptr) return;
  name(change->prev_pid, change->prev_comm);
  if (!lacks_switches_) check(*change, before.last_switch(event.cpu));
}

/// A switch from an idle task to another one may be invisible (docs/tracing.md), and one from a task of which no switch
/// is ever recorded, as the recording perf's, says nothing.
void SwitchWitness::check(const SchedSwitch& change, const Event* last) {
  if (last == nullptr) return;
  const auto* const before = std::get_if<SchedSwitch>(&last->body);
  const std::int32_t given_to = before != nullptr ? before->next_pid : std::get<SwitchIn>(last->body).tid;
  if (given_to == change.prev_pid || names_.find(given_to) == nullptr) return;
  lacks_switches_ = given_to != 0;
}

void SwitchWitness::name(std::int32_t tid, std::string_view comm) {
  std::string* const known = names_.find(tid);
  if (known == nullptr && names_.size() >= ThreadTable<Event>::kMostThreads) return;
  const std::string_view text = comm.substr(0, comm.find('\0'));
  if (known == nullptr) {
    names_[tid] = text;
  } else if (*known != text) {
    *known = text;
  }
}

std::string_view SwitchWitness::name_of(std::int32_t tid) const {
  const std::string* const name = names_.find(tid);
  return name == nullptr ? std::string_view() : *name;
}

}  // namespace sockscope

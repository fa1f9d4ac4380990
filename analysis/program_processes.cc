#include "analysis/program_processes.h"

namespace sockscope {
namespace {

void add(SessionTotals& totals, const Process& process, Protocol protocol) {
  if (!process.uses[protocol]) return;
  totals.syscalls += process.syscalls;
  totals.syscalls_before += process.syscalls_before;
  totals.context_switches += process.context_switches;
  totals.wakeups += process.wakeups;
}

}  // namespace

ProgramProcesses::ProgramProcesses(std::span<const KnownProcess> processes) {
  for (const KnownProcess& known : processes) processes_[known.pid].window = known.window;
}

Process* ProgramProcesses::find(std::int32_t pid) {
  const auto found = processes_.find(pid);
  return found == processes_.end() ? nullptr : &found->second;
}

Process& ProgramProcesses::fork(const Process& parent, std::int32_t pid) {
  Process& place = processes_[pid];
  for (const Protocol protocol : kProtocols) add(ended_[protocol], place, protocol);
  place = {.descriptors = parent.descriptors, .window = parent.window, .has_socket = parent.has_socket, .uses = {}};
  return place;
}

SessionTotals ProgramProcesses::totals(Protocol protocol) const {
  SessionTotals totals = ended_[protocol];
  for (const auto& [pid, process] : processes_) add(totals, process, protocol);
  return totals;
}

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "analysis/descriptors.h"
#include "analysis/known_process.h"
#include "analysis/of_protocols.h"
#include "analysis/summary.h"

namespace sockscope {

/// A process of the recorded programs.
struct Process {
  Descriptors descriptors;
  TimeWindow window;        ///< What of it counts.
  bool has_socket = false;  ///< It has made, been given or used one: its counts begin.
  OfProtocols<bool> uses;   ///< It has sent, received, connected or listened over that protocol.
  std::uint64_t syscalls = 0;
  std::uint64_t syscalls_before = 0;
  std::uint64_t context_switches = 0;
  std::uint64_t wakeups = 0;
};

/// The processes of the recorded programs: the ones they were started with, and all that these begin.
class ProgramProcesses {
 public:
  explicit ProgramProcesses(std::span<const KnownProcess> processes);

  /// Null for any other program's. Good for the table's life.
  [[nodiscard]] Process* find(std::int32_t pid);

  /// A process began another one, which has its descriptors.
  Process& fork(const Process& parent, std::int32_t pid);

  /// Of the processes that used the protocol, together.
  [[nodiscard]] SessionTotals totals(Protocol protocol) const;

 private:
  std::map<std::int32_t, Process> processes_;
  OfProtocols<SessionTotals> ended_;  // of processes whose pid is another one's now
};

}  // namespace sockscope

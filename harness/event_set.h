#pragma once

#include <sys/types.h>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sockscope {

/// Whose occurrences of an event are recorded; what the in-kernel filter looks at.
enum class Scope {
  kSwitch,    ///< Switches from or to one of the threads (prev_pid, next_pid).
  kTarget,    ///< Wake-ups and migrations of one of the threads (pid), whoever causes them.
  kContext,   ///< What runs in one of the threads, or in ksoftirqd on their behalf (common_pid, COMM).
  kAnywhere,  ///< In whatever thread: a timer that acknowledges a segment interrupts anybody. Without a filter.
};

struct EventChoice {
  std::string name;  ///< "system:event"
  Scope scope = Scope::kContext;
};

/// An event of the path of a message, and what wants it.
struct KnownEvent {
  std::string_view name;
  Scope scope = Scope::kContext;
  bool required = false;        ///< Without it a set that has it can do nothing; without the others a stage is missing.
  bool is_of_path = false;      ///< The stages or the counts of a round trip need it.
  bool is_of_sessions = false;  ///< And SessionAnalysis does.
};

/// All of them, in the order of a message's path: what the set `lab` has.
std::span<const KnownEvent> known_events();

/// What the set `stacks` has besides, so that its call chains go through more of the kernel's functions: system calls
/// of either protocol, timers, memory. None of them is required.
std::span<const std::string_view> events_of_functions();

/// What a traced run records, as far as this kernel has it.
struct EventSet {
  std::string name;  ///< sched, lab, path, stacks, or "list" for events that were named one by one.
  std::vector<EventChoice> events;
  std::vector<std::string_view> missing;  ///< Optional events that this kernel does not have.
  bool with_stacks = false;               ///< And the kernel's call chain to each, which perf alone can record.

  static constexpr const char* kDefault = "path";

  /// The set of that name, or a list such as "net:netif_rx,sched:sched_switch". Looks below `tracefs`
  /// (/sys/kernel/tracing). kEnvironment if it cannot be read or a required event is missing; kUsage, naming it, for an
  /// event of a list that this kernel does not have.
  static Result<EventSet> available(const std::filesystem::path& tracefs, std::string_view wanted = kDefault);

  /// With what it takes to follow sockets that come and go (SessionAnalysis): the states of TCP's, and packets in
  /// whatever thread they are handled. kEnvironment if this kernel (before 4.16) has not got the states.
  [[nodiscard]] Result<EventSet> of_sessions(const std::filesystem::path& tracefs) const;

  /// Those of packets alone (net:*): a set nested in this one.
  [[nodiscard]] std::vector<EventChoice> of_packets() const;

  /// As one line of a plan: "path: raw_syscalls:sys_enter ...".
  [[nodiscard]] std::string text() const;
};

/// The filter (Documentation/trace/events.rst, section 5) that keeps all other programs' events out of the recording;
/// empty for kAnywhere.
std::string filter_for(Scope scope, std::span<const pid_t> tids);

}  // namespace sockscope

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
  std::string_view name;  ///< "system:event"
  Scope scope = Scope::kContext;
  bool required = false;  ///< Without it there is no message path; without the others a stage or a count is missing.
};

/// Every event that a traced run wants, in the order of a message's path.
std::span<const EventChoice> path_events();

/// The part of path_events() that this kernel has.
struct EventSet {
  std::vector<EventChoice> events;
  std::vector<std::string_view> missing;  ///< Optional events that this kernel does not have.

  /// Looks below `tracefs` (/sys/kernel/tracing). kEnvironment if it cannot be read or a required event is missing.
  static Result<EventSet> available(const std::filesystem::path& tracefs);

  /// With what it takes to follow sockets that come and go (SessionAnalysis): the states of TCP's, and packets in
  /// whatever thread they are handled. kEnvironment if this kernel (before 4.16) has not got the states.
  [[nodiscard]] Result<EventSet> of_sessions(const std::filesystem::path& tracefs) const;
};

/// The filter (Documentation/trace/events.rst, section 5) that keeps all other programs' events out of the recording;
/// empty for kAnywhere.
std::string filter_for(Scope scope, std::span<const pid_t> tids);

}  // namespace sockscope

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/summary.h"
#include "harness/event_set.h"

namespace sockscope {

/// One thing that a machine has or lacks.
struct Check {
  std::string name;
  bool is_fine = false;
  bool is_needed = false;  ///< Without it nothing can be traced.
  std::string found;       ///< What is there, or what is wrong.
  std::string fix;         ///< The exact command, or what to change; empty if fine.
};

/// What this machine and this user can do.
struct Capabilities {
  std::vector<Check> checks;
  EventSet events;  ///< What can be recorded; meaningful if can_trace().

  [[nodiscard]] bool can_trace() const;
  /// What keeps this user from tracing, each with its fix.
  [[nodiscard]] std::vector<Missing> missing() const;
};

/// Looks and tries, changes nothing. `tracefs` is where the tracepoints are: /sys/kernel/tracing.
Capabilities examine(const std::filesystem::path& tracefs);

/// As `sockscope doctor` prints it.
std::string render_checks(const Capabilities& capabilities);

}  // namespace sockscope

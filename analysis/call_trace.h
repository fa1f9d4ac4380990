#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/call_tree.h"
#include "analysis/summary.h"

namespace sockscope {

/// A trace of function calls, added up, and what there is to say against it.
struct CallTrace {
  std::string form;  ///< "function_graph text", "trace.dat".
  CallTree tree;
  std::vector<std::uint32_t> cpus;  ///< That were traced; empty where the trace does not say the CPU of a call.

  std::uint64_t unreadable = 0;        ///< Lines or events.
  std::uint64_t first_unreadable = 0;  ///< The number of that line, from 1; 0: none, or no lines.
  std::uint64_t lost_events = 0;       ///< As far as the kernel counted them.
  std::uint64_t losses_uncounted = 0;  ///< Times that it lost some without saying how many.
  std::uint64_t switches = 0;
  std::uint64_t interrupts = 0;  ///< Whose functions count as calls of what they interrupted.
  std::uint64_t other_events = 0;

  /// Whether every call of the trace is in the tree, from its begin to its end.
  [[nodiscard]] bool is_complete() const {
    return unreadable == 0 && lost_events == 0 && losses_uncounted == 0 && tree.unclosed == 0 && tree.unopened == 0;
  }
};

/// Self times add up to the outermost calls' totals; no call is shorter than what it calls. None without times.
[[nodiscard]] std::vector<Law> laws_of(const CallTrace& trace);

}  // namespace sockscope

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/function_comparison.h"
#include "analysis/summary.h"
#include "report/table.h"

namespace sockscope {

/// One of the two variants whose functions are compared.
struct FunctionsSide {
  Variant variant;
  unsigned rounds = 0;
  std::uint64_t messages = 0;
  std::uint64_t samples = 0;          ///< Recorded events with a call chain, in the threads of the traffic; or calls.
  std::uint64_t foreign_samples = 0;  ///< In other threads, which are left out.
  std::uint64_t lost_events = 0;
};

/// Which kernel functions each of two variants goes through.
struct FunctionsReport {
  std::string title;
  Facts environment;
  Facts plan;
  std::string unit = "message";  ///< What hits are divided by.
  bool are_calls = false;        ///< ftrace counted: a hit is a call of the function, and a sample is one, too.
  FunctionRule rule;
  std::array<FunctionsSide, 2> sides;
  FunctionComparison compared;
  std::vector<ComparedStack> stacks;
  std::vector<std::string> tracers;  ///< Who else traced meanwhile, each once: "bpftrace (pid 12)".
  std::string unresolved;            ///< Why functions are given by address; empty: they are not.
  bool is_damaged = false;           ///< A recording is cut off, or has samples that could not be read.
  bool interrupted = false;

  [[nodiscard]] std::uint64_t lost_events() const { return sides[0].lost_events + sides[1].lost_events; }
  /// Whether each event that happened is in the figures.
  [[nodiscard]] bool is_complete() const { return lost_events() == 0 && !is_damaged; }
};

/// For people: what only A has, what only B has, what both have with the ratio.
[[nodiscard]] std::string render_functions_table(const FunctionsReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.functions/1" (results/README.md).
[[nodiscard]] std::string render_functions_json(const FunctionsReport& report);

/// Every call chain with how often it is in A and in B, as difffolded.pl writes them for flamegraph.pl:
/// "thread;outermost;...;innermost;event A B"; of calls there is neither thread nor event. Counts are samples in a
/// million messages, so that they stay whole numbers and neither variant weighs more for having been recorded longer.
[[nodiscard]] std::string render_functions_folded(const FunctionsReport& report);

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "analysis/call_trace.h"
#include "report/table.h"

namespace sockscope {

/// A trace of function calls (ftrace's function_graph), and what it is called.
struct CallReport {
  std::string path;
  CallTrace trace;
};

/// For people: the functions that took most time themselves, what is wrong with the trace, its laws.
[[nodiscard]] std::string render_call_table(const CallReport& report, const TableOptions& options = {});

/// For people: who called whom, with what each call took; ways that took less than a thousandth of all are summed up.
[[nodiscard]] std::string render_call_tree(const CallReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.ftrace/1" (results/README.md).
[[nodiscard]] std::string render_call_json(const CallReport& report);

/// A line a function under a heading, times in nanoseconds, all of them (results/README.md).
[[nodiscard]] std::string render_call_csv(const CallReport& report);

/// As flamegraph.pl takes them: "outermost;...;innermost self_ns", or how often where the trace has no times. Handed to
/// the sink piece by piece, since together they may be far longer than the trace.
void write_call_stacks(const CallReport& report, const std::function<void(std::string_view)>& sink);

}  // namespace sockscope

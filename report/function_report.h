#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "analysis/function_trace.h"
#include "report/table.h"

namespace sockscope {

/// A trace of function calls (ftrace's function_graph), and what it is called.
struct FunctionReport {
  std::string path;
  FunctionTrace trace;
};

/// For people: the functions that took most time themselves, what is wrong with the trace, its laws.
[[nodiscard]] std::string render_function_table(const FunctionReport& report, const TableOptions& options = {});

/// For people: who called whom, with what each call took; ways that took less than a thousandth of all are summed up.
[[nodiscard]] std::string render_function_tree(const FunctionReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.ftrace/1" (results/README.md).
[[nodiscard]] std::string render_function_json(const FunctionReport& report);

/// A line a function under a heading, times in nanoseconds, all of them (results/README.md).
[[nodiscard]] std::string render_function_csv(const FunctionReport& report);

/// As flamegraph.pl takes them: "outermost;...;innermost self_ns", or how often where the trace has no times. Handed to
/// the sink piece by piece, since together they may be far longer than the trace.
void write_function_stacks(const FunctionReport& report, const std::function<void(std::string_view)>& sink);

}  // namespace sockscope

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/summary.h"
#include "base/error.h"
#include "harness/options.h"
#include "report/call_report.h"
#include "report/functions_report.h"
#include "report/html/html_page.h"
#include "report/run_diff_report.h"
#include "report/slow_report.h"
#include "report/sweep.h"
#include "report/topologies_report.h"

namespace sockscope {

/// kUsage if a page or a Perfetto trace is to go to a terminal, or a plot is asked for in another format. To be asked
/// before anything takes time.
Result<> check_output(const OutputOptions& options);

/// Renders the summary as asked and writes it to the file or to stdout. `paths` is what a page shows of single
/// messages.
Result<> write_report(const Summary& summary, const OutputOptions& options, MessagePaths paths = nullptr);

/// The same for those of a list of values: one table of all, then the report of each. `paths` are of the same index.
Result<> write_sweep(const Sweep& sweep, const OutputOptions& options, const std::vector<MessagePaths>& paths = {});

/// The same for the slowest exchanges.
Result<> write_slow(const SlowReport& report, const OutputOptions& options);

/// The same for what lies between two runs, `a` and `b`.
Result<> write_diff(const RunDiffReport& report, const Summary& a, const Summary& b, const OutputOptions& options);

/// The same for a trace of function calls.
Result<> write_call_report(const CallReport& report, const OutputOptions& options);

/// The same for the topologies.
Result<> write_topologies(const TopologiesReport& report, const OutputOptions& options);

/// The same for the functions of two variants.
Result<> write_functions(const FunctionsReport& report, const OutputOptions& options);

/// Writes to stdout. A reader that has left (head, less) is no error.
Result<> write_stdout(std::string_view text);

}  // namespace sockscope

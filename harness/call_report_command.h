#pragma once

#include "analysis/call_trace.h"
#include "base/error.h"
#include "harness/options.h"

namespace sockscope {

/// Whether `report` can write calls of functions in that form.
[[nodiscard]] bool is_call_format(Format format);

/// `report` of function_graph text. kUsage for a format that is of messages.
Result<> report_call_text(const ReportOptions& options);

/// `report` of a trace.dat, if function_graph was traced and the format is one of calls; false if not.
Result<bool> report_trace_dat_calls(const ReportOptions& options);

/// Writes the calls as asked for.
Result<> write_calls(CallTrace trace, const ReportOptions& options);

}  // namespace sockscope

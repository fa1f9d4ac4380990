#pragma once

#include "analysis/function_trace.h"
#include "base/error.h"
#include "harness/options.h"

namespace sockscope {

/// Whether `report` can write calls of functions in that form.
[[nodiscard]] bool is_function_format(Format format);

/// `report` of function_graph text. kUsage for a format that is of messages.
Result<> report_function_text(const ReportOptions& options);

/// Writes the calls as asked for.
Result<> write_functions(FunctionTrace trace, const ReportOptions& options);

}  // namespace sockscope

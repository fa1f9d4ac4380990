#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/summary.h"
#include "base/error.h"
#include "harness/options.h"

namespace sockscope {

/// Renders the summary as asked and writes it to the file or to stdout.
Result<> write_report(const Summary& summary, const OutputOptions& options);

/// The same for those of a list of sizes.
Result<> write_sweep(const std::vector<Summary>& summaries, const OutputOptions& options);

/// Writes to stdout. A reader that has left (head, less) is no error.
Result<> write_stdout(std::string_view text);

}  // namespace sockscope

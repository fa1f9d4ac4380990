#pragma once

#include <filesystem>
#include <vector>

#include "base/error.h"
#include "harness/options.h"
#include "report/sweep.h"

/// Pages for a browser: what other formats have, and the paths of single messages out of the recordings.
namespace sockscope {

/// `report --format html`: one pass for the figures and for which messages are the slowest, a second one for what
/// happened while they were on their way.
Result<int> report_page(const ReportOptions& options);

/// What `compare` came to, in any format; a page with the paths in its run directories, one for each value.
Result<> write_compared(const Sweep& sweep, const std::vector<std::filesystem::path>& directories,
                        const OutputOptions& options);

}  // namespace sockscope

#pragma once

#include <filesystem>

#include "base/error.h"
#include "report/functions_report.h"

namespace sockscope {

/// What the call chains in a run directory come to: of one that `functions` left, or `compare` with --events stacks.
/// kInput, naming the directory or the recording and the cause, if it has no two variants with call chains.
[[nodiscard]] Result<FunctionsReport> function_report_of(const std::filesystem::path& directory,
                                                         const FunctionRule& rule);

}  // namespace sockscope

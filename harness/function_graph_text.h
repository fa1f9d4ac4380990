#pragma once

#include <filesystem>

#include "analysis/call_trace.h"
#include "base/error.h"

namespace sockscope {

/// Reads function_graph text: a file, or standard input as "-", piece by piece and once, while which SIGINT
/// is left to its writer. kInput, naming it, if it cannot be read or is text of something else.
[[nodiscard]] Result<CallTrace> read_function_graph_text(const std::filesystem::path& path);

}  // namespace sockscope

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "parsers/perf_data/reader.h"
#include "report/export/kernel_symbols.h"

namespace sockscope {

/// Where a run directory has the kernel's functions of the time it was recorded.
inline constexpr const char* kKeptKallsyms = "kallsyms";

/// They, as they are now: lines of kallsyms. Empty where this user may not see them.
[[nodiscard]] std::string kernel_functions_now(const std::filesystem::path& kallsyms = "/proc/kallsyms");

/// Puts them there; nothing where this user may not see them.
[[nodiscard]] Result<> keep_kernel_functions(const std::filesystem::path& directory,
                                             const std::filesystem::path& kallsyms = "/proc/kallsyms");

struct FoundFunctions {
  KernelSymbols symbols;  ///< Empty if none are known to be of the recorded kernel, and
  std::string why_not;    ///< why.
};

/// The functions of the kernel that was recorded: those that the recording's run directory keeps, or the running
/// kernel's, if the recording says that it is of the same release and that its kernel lay at the same address.
[[nodiscard]] FoundFunctions kernel_functions_of(const perf_data::Reader& reader,
                                                 const std::filesystem::path& run_directory,
                                                 const std::filesystem::path& kallsyms = "/proc/kallsyms");

}  // namespace sockscope

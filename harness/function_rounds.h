#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/interrupt.h"
#include "harness/options.h"

namespace sockscope {

/// Records rounds of both variants in turn (ABBA), each event of the workload's own threads with its call chain, or
/// each call that they make, into the directory, which must be there: the recordings, run.json, and the kernel's
/// functions of that time.
///
/// kEnvironment if this machine cannot trace, or hides where the kernel's functions are. kInterrupted if the user stops
/// it before each variant has enough rounds to be compared; later, run.json says so and has what was finished.
[[nodiscard]] Result<> record_functions(const CompareOptions& options, const FunctionCapture& capture,
                                        const std::filesystem::path& directory, const Interrupt& interrupt,
                                        const std::filesystem::path& kallsyms = "/proc/kallsyms");

}  // namespace sockscope

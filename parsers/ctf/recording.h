#pragma once

#include <filesystem>

#include "base/error.h"
#include "parsers/perf_data/reader.h"

namespace sockscope::ctf {

/// A CTF 1.8 trace of a kernel (trace_folder.h), by LTTng, `perf data convert --to-ctf` or our own export, as a
/// recording like any other: its events under the kernel's names, in order of time, in a nameless file on disk.
///
/// babeltrace2, which reads it, runs in a child process without rights (sandbox.h): what a hostile trace does to the
/// library ends there. kInput, naming the path, when the trace is damaged, CTF 2's, of several sessions or not of a
/// kernel; kEnvironment where sockscope was built without the library, or there is no room on disk.
[[nodiscard]] Result<perf_data::Reader> open_recording(const std::filesystem::path& path);

}  // namespace sockscope::ctf

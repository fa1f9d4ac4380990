#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace sockscope::ctf {

/// Whether a CTF trace lies at this path: a directory with a `metadata` file, or with directories that have one, as
/// `lttng create` makes them (SESSION/kernel, SESSION/archives/CHUNK/kernel). Looks at names alone.
[[nodiscard]] bool is_trace(const std::filesystem::path& path);

/// The directories of one kernel trace.
struct TraceFolder {
  std::vector<std::filesystem::path> parts;  ///< One, or the chunks of a session that was rotated.
  std::uint64_t bytes = 0;                   ///< All files in them.
};

/// Those at or below this path; where LTTng's "kernel" and "ust" lie beside each other, the kernel's. kInput, naming
/// it, when there is none, or its metadata is CTF 2's: JSON fragments, which begin with an ASCII record separator,
/// where CTF 1.8 has text or packets.
[[nodiscard]] Result<TraceFolder> find_trace(const std::filesystem::path& path);

}  // namespace sockscope::ctf

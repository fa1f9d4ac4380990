#pragma once

#include <filesystem>

#include "base/error.h"
#include "harness/traced_recordings.h"

namespace sockscope {

/// Writes a CTF trace of each recording: of a run directory into one of its own in `directory`, else into `directory`
/// itself. That must not be there yet: kUsage.
[[nodiscard]] Result<> export_ctf(const TracedRecordings& traced, const std::filesystem::path& directory);

}  // namespace sockscope

#pragma once

#include <filesystem>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope::perf_data {

/// Where temporary files are made: $TMPDIR, or else /var/tmp. Not /tmp: that is memory on many machines, and a
/// recording may be larger than it.
[[nodiscard]] std::filesystem::path temporary_directory();

/// A file without a name, for reading and writing: gone with the last descriptor or mapping of it, however the process
/// ends. kEnvironment, naming the directory, when none can be made there.
[[nodiscard]] Result<UniqueFd> make_temporary_file();

}  // namespace sockscope::perf_data

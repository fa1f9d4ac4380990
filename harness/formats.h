#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/tracefs.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// What the payloads of a recording mean.
struct Formats {
  tracepoint::Catalog catalog;
  std::string arch;                  ///< uname -m of the kernel they are of; empty when unknown.
  bool are_running_kernels = false;  ///< The recording has none; those of this machine fit it.
};

/// The formats in the recording. A killed perf leaves none: then those of the running kernel, if nothing speaks against
/// it being the one that was recorded: release and machine as far as the recording says them, every event id, every
/// event name it gives, and the size of every sample. kInput, naming the recording, the cause and the fix, otherwise.
[[nodiscard]] Result<Formats> formats_of(const perf_data::Reader& reader,
                                         const std::filesystem::path& tracefs = kTracefsMount);

/// The same of a recording that may do without: nothing but tracepoints needs formats.
[[nodiscard]] Result<std::optional<Formats>> formats_if_needed(const perf_data::Reader& reader);

}  // namespace sockscope

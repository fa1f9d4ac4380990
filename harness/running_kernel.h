#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// This machine's tracepoints of these ids, from TRACEFS/events/*/*/format. An id that no tracepoint has is missing
/// from the catalogue. kEnvironment when tracefs cannot be read.
[[nodiscard]] Result<tracepoint::Catalog> running_kernel_catalog(const std::filesystem::path& tracefs,
                                                                 const std::vector<std::uint64_t>& ids);

}  // namespace sockscope

#pragma once

#include "base/error.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"

namespace sockscope {

/// The tracepoint formats of a recording. kInput, naming the file, when it has none or they make no sense.
[[nodiscard]] Result<tracepoint::Catalog> catalog_of(const perf_data::Reader& reader);

}  // namespace sockscope

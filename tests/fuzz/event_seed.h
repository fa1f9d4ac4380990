#pragma once

#include <cstddef>
#include <string>

#include "parsers/perf_data/reader.h"

namespace sockscope::fuzz {

/// The first `count` events of a recording that the analysis asks for, as input of analysis.cc.
[[nodiscard]] std::string event_seed(const perf_data::Reader& reader, std::size_t count);

}  // namespace sockscope::fuzz

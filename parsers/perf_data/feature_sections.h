#pragma once

#include <cstdint>

#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/description.h"

namespace sockscope::perf_data {

/// Reads one feature section (a section of the file form, the payload of a HEADER_FEATURE record of the pipe form)
/// into the description. Features of no use here are passed over. False when the section makes no sense; then it has
/// changed nothing.
[[nodiscard]] bool read_feature(std::uint64_t feature, Bytes payload, Description& description);

}  // namespace sockscope::perf_data

#pragma once

#include <string_view>

#include "parsers/perf_data/byte_cursor.h"

/// What describes a trace, as it stands in a trace.dat of either version: false if it is cut short.
namespace sockscope::trace_dat {

/// The name and a NUL, a u64 size, and the text. False, too, if the name is another.
[[nodiscard]] bool read_named_text(perf_data::ByteCursor& cursor, std::string_view name, std::string_view& text);

/// A u32 size and the text.
[[nodiscard]] bool read_short_text(perf_data::ByteCursor& cursor, std::string_view& text);

/// TraceDat::ftrace_formats and event_formats, as they stand in `whole`, which is what the cursor goes over.
[[nodiscard]] bool read_formats(perf_data::ByteCursor& cursor, perf_data::Bytes whole, perf_data::Bytes& out);
[[nodiscard]] bool read_systems(perf_data::ByteCursor& cursor, perf_data::Bytes whole, perf_data::Bytes& out);

}  // namespace sockscope::trace_dat

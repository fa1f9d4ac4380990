#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

/// The text of one tracefs events/SYSTEM/NAME/format as the recorder saw it.
struct FormatSource {
  std::string_view system;
  std::string_view text;  ///< Not NUL-terminated. Hostile until validated.
};

/// TRACING_DATA: the formats of the recorded tracepoints (written by tools/perf/util/trace-event-info.c; the front
/// part of a trace.dat). The texts point into the mapped file.
struct TracingData {
  ByteOrder byte_order = ByteOrder::kNative;
  std::uint8_t long_size = 0;   ///< sizeof(long) of the recorded kernel: 4 or 8.
  std::uint32_t page_size = 0;  ///< Bytes.
  std::vector<FormatSource> formats;
};

/// Reads the section. kInput when it is not tracing data or ends early; the message says where.
[[nodiscard]] Result<TracingData> parse_tracing_data(Bytes section);

/// Writes it in this machine's byte order, with TRACEFS/events/header_page and header_event, which describe ftrace's
/// buffers. Formats of ftrace's own events are among those of the systems.
[[nodiscard]] std::string write_tracing_data(const TracingData& data, std::string_view header_page,
                                             std::string_view header_event);

}  // namespace sockscope::perf_data

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// PERF_RECORD_COMM: a thread got a name.
struct CommRecord {
  std::int32_t pid = 0;
  std::int32_t tid = 0;
  bool exec = false;      ///< The name comes from an exec; else from prctl or from perf's list of what already ran.
  std::string_view comm;  ///< At most 15 characters; points into the mapped file.
};

/// Nothing if the record is not a COMM or too short.
[[nodiscard]] std::optional<CommRecord> parse_comm(const Record& record, ByteOrder order = ByteOrder::kNative);

}  // namespace sockscope::perf_data

#pragma once

#include <cstdint>
#include <optional>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// PERF_RECORD_FORK: a thread began, in this process or as a new one.
struct ForkRecord {
  std::int32_t pid = 0;
  std::int32_t parent_pid = 0;
  std::int32_t tid = 0;
  std::int32_t parent_tid = 0;
};

/// Nothing if the record is not a FORK or too short.
[[nodiscard]] std::optional<ForkRecord> parse_fork(const Record& record, ByteOrder order = ByteOrder::kNative);

}  // namespace sockscope::perf_data

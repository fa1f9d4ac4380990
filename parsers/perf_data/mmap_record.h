#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// PERF_RECORD_MMAP: something executable lies at these addresses.
struct MmapRecord {
  std::int32_t pid = 0;  ///< -1: the kernel.
  std::uint64_t start = 0;
  std::uint64_t length = 0;
  /// In the file; of the kernel itself, which perf calls "[kernel.kallsyms]" and a symbol's name, that symbol's
  /// address.
  std::uint64_t offset = 0;
  std::string_view file;  ///< Points into the mapped file.
};

/// Nothing if the record is not an MMAP or too short.
[[nodiscard]] std::optional<MmapRecord> parse_mmap(const Record& record, ByteOrder order = ByteOrder::kNative);

}  // namespace sockscope::perf_data

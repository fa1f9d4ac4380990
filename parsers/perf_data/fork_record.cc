#include "parsers/perf_data/fork_record.h"

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

std::optional<ForkRecord> parse_fork(const Record& record, ByteOrder order) {
  if (record.type != record_type::kFork) return std::nullopt;
  ByteCursor cursor(record.payload, order);
  std::uint32_t pid = 0;
  std::uint32_t parent_pid = 0;
  std::uint32_t tid = 0;
  std::uint32_t parent_tid = 0;
  if (!cursor.read(pid) || !cursor.read(parent_pid) || !cursor.read(tid) || !cursor.read(parent_tid)) {
    return std::nullopt;
  }
  return ForkRecord{.pid = static_cast<std::int32_t>(pid),
                    .parent_pid = static_cast<std::int32_t>(parent_pid),
                    .tid = static_cast<std::int32_t>(tid),
                    .parent_tid = static_cast<std::int32_t>(parent_tid)};
}

}  // namespace sockscope::perf_data

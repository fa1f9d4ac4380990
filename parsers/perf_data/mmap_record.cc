#include "parsers/perf_data/mmap_record.h"

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

std::optional<MmapRecord> parse_mmap(const Record& record, ByteOrder order) {
  if (record.type != record_type::kMmap) return std::nullopt;
  ByteCursor cursor(record.payload, order);
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  MmapRecord map;
  Bytes file;
  if (!cursor.read(pid) || !cursor.read(tid) || !cursor.read(map.start) || !cursor.read(map.length) ||
      !cursor.read(map.offset) || !cursor.read_bytes(cursor.remaining(), file)) {
    return std::nullopt;
  }
  map.pid = static_cast<std::int32_t>(pid);
  map.file = until_nul(as_text(file));
  return map;
}

}  // namespace sockscope::perf_data

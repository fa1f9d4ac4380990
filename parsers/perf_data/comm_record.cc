#include "parsers/perf_data/comm_record.h"

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

std::optional<CommRecord> parse_comm(const Record& record, ByteOrder order) {
  if (record.type != record_type::kComm) return std::nullopt;
  ByteCursor cursor(record.payload, order);
  std::uint32_t pid = 0;
  std::uint32_t tid = 0;
  Bytes comm;
  if (!cursor.read(pid) || !cursor.read(tid) || !cursor.read_bytes(cursor.remaining(), comm)) return std::nullopt;
  return CommRecord{.pid = static_cast<std::int32_t>(pid),
                    .tid = static_cast<std::int32_t>(tid),
                    .exec = (record.misc & record_misc::kCommExec) != 0,
                    .comm = until_nul(as_text(comm))};
}

}  // namespace sockscope::perf_data

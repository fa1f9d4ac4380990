#include "parsers/perf_data/switch_record.h"

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

std::optional<SwitchRecord> parse_switch(const Record& record, ByteOrder order) {
  if (record.type != record_type::kSwitch && record.type != record_type::kSwitchCpuWide) return std::nullopt;
  const bool out = (record.misc & record_misc::kSwitchOut) != 0;
  SwitchRecord result;
  result.direction = out ? SwitchRecord::Direction::kOut : SwitchRecord::Direction::kIn;
  result.preempted = out && (record.misc & record_misc::kSwitchOutPreempt) != 0;
  if (record.type == record_type::kSwitchCpuWide) {
    ByteCursor cursor(record.payload, order);
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    if (!cursor.read(pid) || !cursor.read(tid)) return std::nullopt;
    result.other_pid = static_cast<std::int32_t>(pid);
    result.other_tid = static_cast<std::int32_t>(tid);
  }
  return result;
}

}  // namespace sockscope::perf_data

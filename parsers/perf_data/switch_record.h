#pragma once

#include <cstdint>
#include <optional>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// PERF_RECORD_SWITCH or SWITCH_CPU_WIDE (`perf record --switch-events`): the record's own pid/tid, cpu and time say
/// who, where and when. Seen even where sched:sched_switch is not: without privileges, and for an idle task that the
/// tracepoint misses.
struct SwitchRecord {
  enum class Direction { kIn, kOut };
  Direction direction = Direction::kIn;
  /// kOut only: the task was still runnable (misc bit PERF_RECORD_MISC_SWITCH_OUT_PREEMPT).
  bool preempted = false;
  /// CPU_WIDE only: the other task, next for kOut and previous for kIn.
  std::optional<std::int32_t> other_pid;
  std::optional<std::int32_t> other_tid;
};

/// Nothing if the record is neither, or too short.
[[nodiscard]] std::optional<SwitchRecord> parse_switch(const Record& record, ByteOrder order = ByteOrder::kNative);

}  // namespace sockscope::perf_data

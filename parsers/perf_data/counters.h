#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sockscope::perf_data {

/// Everything that was tolerated in a recording, by name, so that a report can say how far to trust it. Complete as
/// soon as the Reader is open.
struct Counters {
  std::uint64_t records = 0;  ///< Records in the file, of any type.
  std::uint64_t samples = 0;  ///< PERF_RECORD_SAMPLE among them.
  /// Events that happened and were not recorded. LOST_SAMPLES (exact, by event) if the file has any such record, else
  /// LOST (by ring buffer): both count the same losses, so they are never added.
  std::uint64_t lost_events = 0;
  /// lost_events by event name; empty when only LOST is known. An event the file does not name is "(unknown event)".
  std::map<std::string, std::uint64_t> lost_by_event;
  /// Records older than a record before them of the same CPU. Delivered in order all the same, but a sign of trouble.
  std::uint64_t out_of_order = 0;
  std::uint64_t skipped = 0;       ///< Records of a type this reader does not know; not delivered.
  std::uint64_t unknown_ids = 0;   ///< Samples whose id no attr has; delivered with kNoAttr if that can be done.
  std::uint64_t malformed = 0;     ///< Samples too short for what their attr says they hold; not delivered.
  std::uint64_t bad_sections = 0;  ///< Feature sections and header records that make no sense; ignored.
  bool truncated = false;          ///< The file ends inside a record, or a record makes no sense; the rest is unread.
};

}  // namespace sockscope::perf_data

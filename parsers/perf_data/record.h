#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// Record::attr of a record that belongs to no attr: perf's own records, and samples whose id the file does not
/// explain.
inline constexpr std::size_t kNoAttr = std::numeric_limits<std::size_t>::max();

/// Record::cpu where the recording did not say (no PERF_SAMPLE_CPU), Record::pid and tid likewise.
inline constexpr std::uint32_t kNoCpu = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int32_t kNoTask = -1;

/// One entry of perf.data, read just far enough to put it in order and to dispatch it. The spans point into the
/// mapped file: valid as long as the Reader lives.
struct Record {
  std::uint32_t type = 0;  ///< PERF_RECORD_*: record_type:: in parsers/perf_data/abi.h.
  std::uint16_t misc = 0;  ///< perf_event_header.misc; its bits mean something else for each type.
  /// Of the sample or of the sample_id trailer, in the clock of FileInfo::clockid. 0: the record carries no time
  /// (perf's own records, those perf synthesised for what ran before the recording); it comes where the file has it.
  std::uint64_t time_ns = 0;
  std::uint32_t cpu = kNoCpu;
  /// The task that was *running* when the event fired: for sched_waking the waker, for the receiving half of the
  /// network path whoever the softirq interrupted.
  std::int32_t pid = kNoTask;
  std::int32_t tid = kNoTask;
  std::size_t attr = kNoAttr;  ///< Index into Reader::attrs(), or kNoAttr.
  Bytes body;                  ///< All that follows the 8-byte record header.
  /// SAMPLE of a tracepoint: the RAW bytes, common_type first, with up to 7 bytes of padding at the end. Other samples:
  /// empty. Other kernel records: the body without the sample_id trailer. perf's own: the body.
  Bytes payload;
};

}  // namespace sockscope::perf_data

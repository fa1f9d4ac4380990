#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {

/// One recorded event: its perf_event_attr (include/uapi/linux/perf_event.h) as far as a reader needs it, and the ids
/// under which its records appear.
struct Attr {
  std::uint32_t type = 0;    ///< PERF_TYPE_*; 2 is a tracepoint.
  std::uint64_t config = 0;  ///< For a tracepoint its id, equal to common_type of its payloads.
  std::uint64_t sample_type = 0;
  std::uint64_t read_format = 0;
  std::uint64_t flags = 0;   ///< The bit field after read_format, as one number; kAttr* in abi.h name its bits.
  std::int32_t clockid = 0;  ///< CLOCK_* the times are in; means something only with uses_clockid().
  std::vector<std::uint64_t> ids;
  std::string name;  ///< As perf wrote it ("sched:sched_switch"); empty when the file does not say.

  [[nodiscard]] bool is_tracepoint() const noexcept;
  [[nodiscard]] bool has_sample_id_all() const noexcept;  ///< Kernel records other than samples end in a trailer.
  [[nodiscard]] bool uses_clockid() const noexcept;
  [[nodiscard]] bool records_switches() const noexcept;  ///< PERF_RECORD_SWITCH was asked for (--switch-events).
};

/// Sizes of perf_event_attr: the first ever published, and a bound far above any that exists (144 in 2026).
inline constexpr std::uint64_t kAttrSizeVer0 = 64;
inline constexpr std::uint64_t kMaxAttrSize = 4096;

/// Reads a perf_event_attr from its own bytes, which may be of any kernel's size >= 64: what a younger kernel added
/// is ignored, what an older one lacked is 0. Empty of ids and name. Fails on fewer than 64 bytes.
[[nodiscard]] Result<Attr> parse_attr(Bytes bytes, ByteOrder order);

}  // namespace sockscope::perf_data

#include "parsers/perf_data/attr.h"

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {

bool Attr::is_tracepoint() const noexcept { return type == kTypeTracepoint; }
bool Attr::has_sample_id_all() const noexcept { return (flags & attr_flag::kSampleIdAll) != 0; }
bool Attr::uses_clockid() const noexcept { return (flags & attr_flag::kUseClockid) != 0; }
bool Attr::records_switches() const noexcept { return (flags & attr_flag::kContextSwitch) != 0; }

Result<Attr> parse_attr(Bytes bytes, ByteOrder order) {
  // Offsets of struct perf_event_attr; none has ever moved.
  constexpr std::size_t config_at = 8;
  constexpr std::size_t sample_type_at = 24;
  constexpr std::size_t read_format_at = 32;
  constexpr std::size_t flags_at = 40;
  constexpr std::size_t clockid_at = 92;
  if (bytes.size() < kAttrSizeVer0) {
    return fail(ErrorKind::kInput, "perf_event_attr of {} bytes, fewer than {}", bytes.size(), kAttrSizeVer0);
  }
  Attr attr;
  attr.type = load<std::uint32_t>(bytes.data(), order);
  attr.config = load<std::uint64_t>(bytes.data() + config_at, order);
  attr.sample_type = load<std::uint64_t>(bytes.data() + sample_type_at, order);
  attr.read_format = load<std::uint64_t>(bytes.data() + read_format_at, order);
  attr.flags = load<std::uint64_t>(bytes.data() + flags_at, order);
  if (bytes.size() >= clockid_at + sizeof(std::uint32_t)) {
    attr.clockid = static_cast<std::int32_t>(load<std::uint32_t>(bytes.data() + clockid_at, order));
  }
  return attr;
}

}  // namespace sockscope::perf_data

#include "parsers/perf_data/attr.h"

#include <bit>

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {
namespace {

// Compilers for big-endian machines begin with a byte's highest bit when they lay out bit fields, and the flags are
// one: bit n of the field is bit n % 8, counted from the other end, of byte n / 8 (tools/perf/util/session.c,
// swap_bitfield).
std::uint64_t load_bit_field(const std::byte* at, ByteOrder order) noexcept {
  if ((order == ByteOrder::kNative) == (std::endian::native == std::endian::little)) {
    return load<std::uint64_t>(at, order);
  }
  std::uint64_t field = 0;
  for (unsigned bit = 0; bit < 64; ++bit) {
    const bool is_set = (at[bit / 8] & std::byte{0x80} >> (bit % 8)) != std::byte{0};
    field |= std::uint64_t{is_set} << bit;
  }
  return field;
}

}  // namespace

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
  attr.flags = load_bit_field(bytes.data() + flags_at, order);
  if (bytes.size() >= clockid_at + sizeof(std::uint32_t)) {
    attr.clockid = static_cast<std::int32_t>(load<std::uint32_t>(bytes.data() + clockid_at, order));
  }
  return attr;
}

}  // namespace sockscope::perf_data

#include <algorithm>
#include <utility>
#include <vector>

#include "parsers/perf_data/comm_record.h"
#include "parsers/perf_data/losses.h"
#include "parsers/perf_data/session.h"
#include "parsers/perf_data/switch_record.h"
#include "tests/fuzz/target.h"

// Attrs made from the first bytes, then records that are read as these attrs say:
//
//   u8 flags (bit 0: the other byte order), u8 count of attrs, per attr {u32 sample_type, u8 read_format, u8 flags
//   (bit 0: tracepoint, bit 1: sample_id_all), u8 id};
//   to the end: {u8 type, u8 misc >> 8, u8 size of the body, body}.
namespace sockscope::perf_data {
namespace {

constexpr std::size_t kMaxAttrs = 8;

bool read_attr(ByteCursor& cursor, Attr& attr) {
  std::uint32_t sample_type = 0;
  std::uint8_t read_format = 0;
  std::uint8_t flags = 0;
  std::uint8_t id = 0;
  if (!cursor.read(sample_type) || !cursor.read(read_format) || !cursor.read(flags) || !cursor.read(id)) return false;
  attr.type = (flags & 1U) != 0 ? kTypeTracepoint : 0;
  attr.flags = (flags & 2U) != 0 ? attr_flag::kSampleIdAll : 0;
  attr.sample_type = sample_type;
  attr.read_format = read_format;
  attr.ids = {id};
  return true;
}

bool read_record(ByteCursor& cursor, RawRecord& raw) {
  std::uint8_t type = 0;
  std::uint8_t misc = 0;
  std::uint8_t size = 0;
  if (!cursor.read(type) || !cursor.read(misc) || !cursor.read(size) || !cursor.read_bytes(size, raw.body)) {
    return false;
  }
  raw.type = type;
  raw.misc = static_cast<std::uint16_t>(misc << 8U);
  return true;
}

void use(const Record& record, const Session& session) {
  fuzz::touch(record.body);
  fuzz::touch(record.payload);
  if (record.attr != kNoAttr && record.attr >= session.attrs().size()) __builtin_trap();
  if (const auto comm = parse_comm(record, session.byte_order())) fuzz::touch(comm->comm);
  static_cast<void>(parse_switch(record, session.byte_order()));
}

void run(Bytes input) {
  ByteCursor cursor(input);
  std::uint8_t flags = 0;
  std::uint8_t count = 0;
  if (!cursor.read(flags) || !cursor.read(count)) return;
  std::vector<Attr> attrs(std::min<std::size_t>(count, kMaxAttrs));
  for (Attr& attr : attrs) {
    if (!read_attr(cursor, attr)) return;
  }
  const ByteOrder order = (flags & 1U) != 0 ? ByteOrder::kSwapped : ByteOrder::kNative;
  const Session session(std::move(attrs), order);
  Losses losses;
  for (RawRecord raw; read_record(cursor, raw);) {
    Record record;
    if (!Session::is_delivered(session.decode(raw, record))) continue;
    use(record, session);
    losses.add(record, order);
  }
  Counters counters;
  losses.report(session.attrs(), counters);
}

}  // namespace
}  // namespace sockscope::perf_data

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::perf_data::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}

#include "parsers/perf_data/pipe_form.h"

#include <string>
#include <utility>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"
#include "parsers/perf_data/feature_sections.h"
#include "parsers/perf_data/record_walker.h"

namespace sockscope::perf_data {
namespace {

// perf_event_attr, whose own size field is its second number, then ids to the end of the record.
bool read_header_attr(Bytes body, Description& description) {
  const ByteOrder order = description.info.byte_order;
  constexpr std::size_t size_at = 4;
  if (body.size() < kAttrSizeVer0) return false;
  auto attr_size = load<std::uint32_t>(body.data() + size_at, order);
  if (attr_size == 0) attr_size = kAttrSizeVer0;
  if (attr_size > body.size()) return false;
  auto attr = parse_attr(body.first(attr_size), order);
  if (!attr) return false;
  ByteCursor ids(body.subspan(attr_size), order);
  for (std::uint64_t id = 0; ids.read(id);) attr->ids.push_back(id);
  description.attrs.push_back(std::move(*attr));
  return true;
}

// u64 kind, u64 id of the event, then what the kind says: for 2 its name.
bool read_event_update(Bytes body, Description& description) {
  constexpr std::uint64_t name_kind = 2;
  ByteCursor cursor(body, description.info.byte_order);
  std::uint64_t kind = 0;
  std::uint64_t id = 0;
  Bytes text;
  if (!cursor.read(kind) || !cursor.read(id)) return false;
  if (kind != name_kind) return true;
  if (!cursor.read_bytes(cursor.remaining(), text)) return false;
  description.event_names.push_back({.name = std::string(until_nul(as_text(text))), .id = id});
  return true;
}

// u64 feature, then the same bytes as in the section of the file form. The last of them is empty and its number that of
// a feature some younger perf has: it marks the end and describes nothing.
bool read_header_feature(Bytes body, Description& description) {
  ByteCursor cursor(body, description.info.byte_order);
  std::uint64_t feature = 0;
  Bytes payload;
  if (!cursor.read(feature)) return false;
  if (cursor.remaining() == 0) return true;
  return cursor.read_bytes(cursor.remaining(), payload) && read_feature(feature, payload, description);
}

bool read_header_record(const RawRecord& raw, Description& description) {
  switch (raw.type) {
    case record_type::kHeaderAttr:
      return read_header_attr(raw.body, description);
    case record_type::kEventUpdate:
      return read_event_update(raw.body, description);
    case record_type::kHeaderFeature:
      return read_header_feature(raw.body, description);
    case record_type::kHeaderTracingData:
      set_tracing_data(description, raw.out_of_line);
      return true;
    default:
      return true;
  }
}

}  // namespace

Description read_pipe_form(Bytes records, ByteOrder order) {
  Description description;
  description.info.byte_order = order;
  description.info.form = Form::kPipe;
  RecordWalker walker(records, order);
  for (RawRecord raw; walker.next(raw) && raw.type != record_type::kSample;) {
    if (!read_header_record(raw, description)) ++description.bad_sections;
  }
  complete(description);
  return description;
}

}  // namespace sockscope::perf_data

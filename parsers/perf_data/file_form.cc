#include "parsers/perf_data/file_form.h"

#include <algorithm>
#include <utility>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/feature_sections.h"

namespace sockscope::perf_data {
namespace {

constexpr std::uint64_t kSectionSize = 16;  // {offset, size} in the file

[[nodiscard]] bool read_ids(Bytes file, const Section& section, ByteOrder order, std::vector<std::uint64_t>& ids) {
  Bytes bytes;
  if (!find_section(file, section, bytes)) return false;
  ByteCursor cursor(bytes, order);
  for (std::uint64_t id = 0; cursor.read(id);) ids.push_back(id);
  return true;
}

// An entry is a perf_event_attr of the recording kernel's size and, at its end, the section of its ids.
Result<Attr> read_entry(Bytes file, Bytes entry, ByteOrder order, std::uint64_t& ids_left) {
  auto attr = parse_attr(entry.first(entry.size() - kSectionSize), order);
  if (!attr) return attr;
  ByteCursor cursor(entry.last(kSectionSize), order);
  Section section;
  if (!cursor.read(section.offset) || !cursor.read(section.size)) return fail(ErrorKind::kInput, "attr cut short");
  // Sections may overlap in a file made to exhaust memory: all ids together must still fit into it once.
  if (section.size / sizeof(std::uint64_t) > ids_left || !read_ids(file, section, order, attr->ids)) {
    return fail(ErrorKind::kInput, "the ids of an attr ({} bytes at {}) lie outside the file", section.size,
                section.offset);
  }
  ids_left -= attr->ids.size();
  return attr;
}

Result<std::vector<Attr>> read_attrs(Bytes file, const FileHeader& header, ByteOrder order) {
  Bytes section;
  if (header.attr_size < kAttrSizeVer0 + kSectionSize || header.attr_size > kMaxAttrSize) {
    return fail(ErrorKind::kInput, "perf.data with attrs of {} bytes: damaged", header.attr_size);
  }
  if (!find_section(file, header.attrs, section)) {
    return fail(ErrorKind::kInput, "the attrs ({} bytes at {}) lie outside the file of {} bytes", header.attrs.size,
                header.attrs.offset, file.size());
  }
  std::vector<Attr> attrs;
  std::uint64_t ids_left = file.size() / sizeof(std::uint64_t);
  const auto stride = static_cast<std::size_t>(header.attr_size);
  for (std::size_t at = 0; at + stride <= section.size(); at += stride) {
    auto attr = read_entry(file, section.subspan(at, stride), order, ids_left);
    if (!attr) return pass_on(attr);
    attrs.push_back(std::move(*attr));
  }
  if (attrs.empty()) return fail(ErrorKind::kInput, "perf.data without a single event: damaged");
  return attrs;
}

// The table has one {offset, size} for each bit that is set, in the order of the bits, right behind the data.
void read_features(Bytes file, const FileHeader& header, Description& description) {
  const auto table_at = static_cast<std::size_t>(header.data.offset + header.data.size);
  ByteCursor table(file.subspan(table_at), description.info.byte_order);
  for (std::uint64_t bit = 0; bit < kFeatureBits; ++bit) {
    if (!header.has_feature(bit)) continue;
    Section section;
    Bytes payload;
    const bool readable = table.read(section.offset) && table.read(section.size) &&
                          find_section(file, section, payload) && read_feature(bit, payload, description);
    if (!readable) ++description.bad_sections;
  }
}

}  // namespace

Result<FileForm> read_file_form(Bytes file, const FileHeader& header) {
  FileForm form;
  Description& description = form.description;
  description.info.byte_order = header.byte_order;
  auto attrs = read_attrs(file, header, description.info.byte_order);
  if (!attrs) return pass_on(attrs);
  description.attrs = std::move(*attrs);
  if (header.data.offset > file.size()) {
    return fail(ErrorKind::kInput, "the records (at {}) lie outside the file of {} bytes", header.data.offset,
                file.size());
  }

  const Bytes rest = file.subspan(static_cast<std::size_t>(header.data.offset));
  description.info.killed = header.data.size == 0;
  form.truncated = header.data.size > rest.size();
  if (description.info.killed) {
    form.records = rest;
    description.no_tracing_data =
        "perf.data written by a killed perf: no tracepoint formats in it. Let perf end by itself or with SIGINT, or "
        "record in pipe mode (perf record -o - > FILE), which survives";
  } else if (form.truncated) {
    form.records = rest;
    description.no_tracing_data = fmt::format(
        "only {} of its {} bytes of records are there, and nothing of what follows them: no tracepoint formats. Copy "
        "the file again",
        rest.size(), header.data.size);
  } else {
    form.records = rest.first(static_cast<std::size_t>(header.data.size));
    read_features(file, header, description);
  }
  complete(description);
  return form;
}

}  // namespace sockscope::perf_data

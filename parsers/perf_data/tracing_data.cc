#include "parsers/perf_data/tracing_data.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <map>

#include "base/byte_string.h"

namespace sockscope::perf_data {
namespace {

// A kernel has some 3,000 formats of 1.3 KB each, and numbers them with 16 bits.
constexpr std::size_t kMaxSectionSize = 64U << 20U;
constexpr std::size_t kMaxFormats = 65536;

constexpr std::array kMagic{std::byte{0x17}, std::byte{0x08}, std::byte{0x44}, std::byte{'t'}, std::byte{'r'},
                            std::byte{'a'},  std::byte{'c'},  std::byte{'i'},  std::byte{'n'}, std::byte{'g'}};

std::unexpected<Error> cut_short(const ByteCursor& cursor, std::string_view part) {
  return fail(ErrorKind::kInput, "tracing data is damaged or ends in its {} (at byte {})", part, cursor.position());
}

void append_sized_text(std::string& bytes, std::string_view text) {
  append_number(bytes, std::uint64_t{text.size()});
  bytes.append(text);
}

// "header_page" and "header_event" describe ftrace's own buffers, which perf does not use.
[[nodiscard]] bool skip_named_text(ByteCursor& cursor, std::string_view name) {
  std::string_view found;
  std::string_view text;
  return cursor.read_c_string(found) && found == name && cursor.read_sized_text(text);
}

[[nodiscard]] bool read_formats(ByteCursor& cursor, std::string_view system, std::vector<FormatSource>& formats) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || count > kMaxFormats - formats.size()) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!cursor.read_sized_text(text)) return false;
    formats.push_back({system, text});
  }
  return true;
}

[[nodiscard]] bool read_systems(ByteCursor& cursor, std::vector<FormatSource>& formats) {
  std::uint32_t count = 0;
  if (!cursor.read(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view system;
    if (!cursor.read_c_string(system) || !read_formats(cursor, system, formats)) return false;
  }
  return true;
}

// Magic, version, byte order, sizeof(long), page size. What follows is in the byte order found here.
Result<ByteCursor> read_start(Bytes section, TracingData& data) {
  ByteCursor start(section);
  Bytes magic;
  std::string_view version;
  std::uint8_t big_endian = 0;
  if (!start.read_bytes(kMagic.size(), magic) || !std::ranges::equal(magic, kMagic)) {
    return fail(ErrorKind::kInput, "tracing data does not begin with its magic");
  }
  if (!start.read_c_string(version) || !start.read(big_endian)) return cut_short(start, "header");
  const bool native_is_big = std::endian::native == std::endian::big;
  data.byte_order = (big_endian != 0) == native_is_big ? ByteOrder::kNative : ByteOrder::kSwapped;
  ByteCursor cursor(section, data.byte_order);
  if (!cursor.skip(start.position()) || !cursor.read(data.long_size) || !cursor.read(data.page_size)) {
    return cut_short(start, "header");
  }
  return cursor;
}

}  // namespace

Result<TracingData> parse_tracing_data(Bytes section) {
  if (section.size() > kMaxSectionSize) {
    return fail(ErrorKind::kInput, "tracing data of {} bytes, more than any kernel has", section.size());
  }
  TracingData data;
  auto cursor = read_start(section, data);
  if (!cursor) return pass_on(cursor);
  if (!skip_named_text(*cursor, "header_page")) return cut_short(*cursor, "header_page");
  if (!skip_named_text(*cursor, "header_event")) return cut_short(*cursor, "header_event");
  if (!read_formats(*cursor, "ftrace", data.formats)) return cut_short(*cursor, "ftrace formats");
  if (!read_systems(*cursor, data.formats)) return cut_short(*cursor, "event formats");
  // kallsyms, printk formats and saved command lines follow; nothing here needs them.
  return data;
}

std::string write_tracing_data(const TracingData& data, std::string_view header_page, std::string_view header_event) {
  std::string bytes(reinterpret_cast<const char*>(kMagic.data()), kMagic.size());
  append_c_string(bytes, "0.6");
  append_number(bytes, static_cast<std::uint8_t>(std::endian::native == std::endian::big));
  append_number(bytes, data.long_size);
  append_number(bytes, data.page_size);
  append_c_string(bytes, "header_page");
  append_sized_text(bytes, header_page);
  append_c_string(bytes, "header_event");
  append_sized_text(bytes, header_event);
  append_number(bytes, std::uint32_t{0});  // formats of ftrace's own events
  std::map<std::string_view, std::vector<std::string_view>> systems;
  for (const auto& [system, text] : data.formats) systems[system].push_back(text);
  append_number(bytes, static_cast<std::uint32_t>(systems.size()));
  for (const auto& [system, texts] : systems) {
    append_c_string(bytes, system);
    append_number(bytes, static_cast<std::uint32_t>(texts.size()));
    for (const std::string_view text : texts) append_sized_text(bytes, text);
  }
  append_number(bytes, std::uint32_t{0});  // kallsyms
  append_number(bytes, std::uint32_t{0});  // printk formats
  append_number(bytes, std::uint64_t{0});  // saved command lines
  return bytes;
}

}  // namespace sockscope::perf_data

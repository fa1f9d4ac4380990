#include "parsers/trace_dat/description.h"

#include <cstdint>

namespace sockscope::trace_dat {
namespace {

using perf_data::ByteCursor;
using perf_data::Bytes;

[[nodiscard]] bool skip_formats(ByteCursor& cursor) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || !cursor.fits(count, sizeof(std::uint64_t))) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!cursor.read_sized_text(text)) return false;
  }
  return true;
}

[[nodiscard]] bool skip_systems(ByteCursor& cursor) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || !cursor.fits(count, sizeof(std::uint32_t))) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view system;
    if (!cursor.read_c_string(system) || !skip_formats(cursor)) return false;
  }
  return true;
}

/// What `skip` goes over.
template <class Skip>
[[nodiscard]] bool read_verbatim(ByteCursor& cursor, Bytes whole, Skip skip, Bytes& out) {
  const std::size_t from = cursor.position();
  if (!skip(cursor)) return false;
  out = whole.subspan(from, cursor.position() - from);
  return true;
}

}  // namespace

bool read_named_text(ByteCursor& cursor, std::string_view name, std::string_view& text) {
  std::string_view found;
  return cursor.read_c_string(found) && found == name && cursor.read_sized_text(text);
}

bool read_short_text(ByteCursor& cursor, std::string_view& text) {
  std::uint32_t size = 0;
  Bytes bytes;
  if (!cursor.read(size) || !cursor.read_bytes(size, bytes)) return false;
  text = perf_data::as_text(bytes);
  return true;
}

bool read_formats(ByteCursor& cursor, Bytes whole, Bytes& out) {
  return read_verbatim(cursor, whole, skip_formats, out);
}

bool read_systems(ByteCursor& cursor, Bytes whole, Bytes& out) {
  return read_verbatim(cursor, whole, skip_systems, out);
}

}  // namespace sockscope::trace_dat

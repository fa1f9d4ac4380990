#include "report/events/escaping.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace sockscope {
namespace {

enum Class : std::uint8_t {
  kPlain = 0,
  kBlank = 1,  // ' ' and '='
  kQuote = 2,  // '"'
  kBackslash = 4,
  kControl = 8,  // and DEL
  kHigh = 16,    // part of UTF-8, or not
};

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) classes[byte] = kControl;
  for (std::size_t byte = 0x80; byte < 0x100; ++byte) classes[byte] = kHigh;
  classes[0x7f] = kControl;
  classes[' '] = classes['='] = kBlank;
  classes['"'] = kQuote;
  classes['\\'] = kBackslash;
  return classes;
}();

unsigned class_of(char c) noexcept { return kClasses[static_cast<unsigned char>(c)]; }

// Writes the text as it is behind the end of `out`, which must have the room; it becomes part of it only if that is
// the way to write it. Returns the classes of its bytes.
unsigned write_ahead(std::string_view text, TextBuffer& out) noexcept {
  unsigned classes = 0;
  char* to = out.end();
  for (const char c : text) {
    classes |= class_of(c);
    *to++ = c;
  }
  return classes;
}

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

// Bytes of the character that begins the text, which is no ASCII; 0: it is not UTF-8, or U+0080 to U+009F, which a
// terminal takes for control characters.
std::size_t printable_utf8(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  if (!std::ranges::all_of(text.substr(1, length - 1), is_continuation)) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (lead == 0xc2 && second < 0xa0) return 0;
  if (lead == 0xe0 && second < 0xa0) return 0;  // longer than need be
  if (lead == 0xed && second > 0x9f) return 0;  // half of a UTF-16 pair
  if (lead == 0xf0 && second < 0x90) return 0;
  if (lead == 0xf4 && second > 0x8f) return 0;  // above U+10FFFF
  return length;
}

void put_hex_byte(char c, TextBuffer& out) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out.put(digits[byte >> 4U]);
  out.put(digits[byte & 0xfU]);
}

// Escapes all that is of one of the `special` classes, in which kControl and kHigh must be.
void put_escaped(std::string_view text, std::string_view hex_prefix, unsigned special, TextBuffer& out) {
  while (!text.empty()) {
    const unsigned what = class_of(text[0]) & special;
    std::size_t taken = 1;
    if (what == kPlain) {
      out.put(text[0]);
    } else if (what == kQuote || what == kBackslash) {
      out.put('\\');
      out.put(text[0]);
    } else if (const std::size_t length = what == kHigh ? printable_utf8(text) : 0; length != 0) {
      out.put(text.substr(0, length));
      taken = length;
    } else {
      out.put(hex_prefix);
      put_hex_byte(text[0], out);
    }
    text.remove_prefix(taken);
  }
}

bool is_printable(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = (class_of(text[0]) & kHigh) != 0 ? printable_utf8(text) : 1;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

void put_json_text(std::string_view text, TextBuffer& out, std::size_t room_after) {
  constexpr unsigned special = kQuote | kBackslash | kControl | kHigh;
  out.reserve(kEscapedByte * text.size() + room_after);
  if ((write_ahead(text, out) & special) == 0) return out.advance(text.size());
  put_escaped(text, "\\u00", special, out);
}

void put_value_text(std::string_view text, TextBuffer& out, std::size_t room_after) {
  out.reserve(kEscapedByte * text.size() + 2 + room_after);
  const unsigned classes = write_ahead(text, out);
  const bool is_bare = (classes & (kBlank | kQuote | kControl)) == 0;
  if (is_bare && ((classes & kHigh) == 0 || is_printable(text))) return out.advance(text.size());
  out.put('"');
  put_escaped(text, "\\x", kQuote | kBackslash | kControl | kHigh, out);
  out.put('"');
}

void put_bare_text(std::string_view text, TextBuffer& out, std::size_t room_after) {
  out.reserve(kEscapedByte * text.size() + room_after);
  if ((write_ahead(text, out) & (kControl | kHigh)) == 0) return out.advance(text.size());
  put_escaped(text, "\\x", kControl | kHigh, out);
}

void quote_csv(TextBuffer& out, std::size_t start) {
  const std::string_view field = out.text().substr(start);
  const bool has_quotes = field.contains('"');
  if (!has_quotes && !field.contains(',')) return;
  const std::size_t size = field.size();
  const auto quotes = has_quotes ? static_cast<std::size_t>(std::ranges::count(field, '"')) : 0;
  out.reserve(quotes + 2);
  char* const begin = out.data() + start;
  if (has_quotes) {
    // From the back, so that nothing is overwritten before it has moved.
    char* to = begin + size + quotes + 1;
    for (std::size_t from = size; from-- > 0;) {
      *--to = begin[from];
      if (begin[from] == '"') *--to = '"';
    }
  } else {
    std::memmove(begin + 1, begin, size);
  }
  *begin = '"';
  out.advance(quotes + 1);
  out.put('"');
}

}  // namespace sockscope

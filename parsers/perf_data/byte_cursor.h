#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parsers/perf_data/bytes.h"

namespace sockscope::perf_data {

/// Reads hostile bytes from front to back. Every read says whether it fitted; one that did not moves nothing and
/// leaves its output alone. There is no other pointer arithmetic on what a file says of itself.
class ByteCursor {
 public:
  explicit ByteCursor(Bytes bytes, ByteOrder order = ByteOrder::kNative) noexcept : bytes_(bytes), order_(order) {}

  [[nodiscard]] ByteOrder order() const noexcept { return order_; }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - at_; }

  /// Whether `count` elements of `element_size` bytes can still be there: to ask before any reserve or resize.
  [[nodiscard]] bool fits(std::uint64_t count, std::size_t element_size) const noexcept {
    return count <= remaining() / element_size;
  }

  template <std::unsigned_integral T>
  [[nodiscard]] bool read(T& out) noexcept {
    if (remaining() < sizeof(T)) return false;
    out = load<T>(bytes_.data() + at_, order_);
    at_ += sizeof(T);
    return true;
  }

  [[nodiscard]] bool read_bytes(std::uint64_t count, Bytes& out) noexcept {
    if (count > remaining()) return false;
    out = bytes_.subspan(at_, static_cast<std::size_t>(count));
    at_ += out.size();
    return true;
  }

  [[nodiscard]] bool skip(std::uint64_t count) noexcept {
    Bytes skipped;
    return read_bytes(count, skipped);
  }

  /// Text and the NUL that ends it. No NUL: no text.
  [[nodiscard]] bool read_c_string(std::string_view& out) noexcept {
    const std::string_view rest = as_text(bytes_.subspan(at_));
    const std::size_t length = rest.find('\0');
    if (length == std::string_view::npos) return false;
    out = rest.substr(0, length);
    at_ += length + 1;
    return true;
  }

  /// u64 length and that many bytes: how texts stand in trace-cmd's files and in perf's tracing data (trace.dat(5)).
  [[nodiscard]] bool read_sized_text(std::string_view& out) noexcept {
    std::uint64_t size = 0;
    Bytes text;
    if (!read(size) || !read_bytes(size, text)) return false;
    out = as_text(text);
    return true;
  }

  /// perf_header_string: u32 length, then that many bytes, padded with NULs (perf.data-file-format.txt).
  [[nodiscard]] bool read_header_string(std::string_view& out) noexcept {
    ByteCursor ahead = *this;
    std::uint32_t length = 0;
    Bytes text;
    if (!ahead.read(length) || !ahead.read_bytes(length, text)) return false;
    out = until_nul(as_text(text));
    *this = ahead;
    return true;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  ByteOrder order_;
};

}  // namespace sockscope::perf_data

#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "parsers/perf_data/bytes.h"

namespace sockscope::test_support {

/// Writes a file's bytes from front to back, in either byte order.
class ByteWriter {
 public:
  explicit ByteWriter(perf_data::ByteOrder order = perf_data::ByteOrder::kNative) : order_(order) {}

  template <std::unsigned_integral T>
  ByteWriter& put(T value) {
    if (order_ == perf_data::ByteOrder::kSwapped) value = std::byteswap(value);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  ByteWriter& u8(std::uint8_t value) { return put(value); }
  ByteWriter& u16(std::uint16_t value) { return put(value); }
  ByteWriter& u32(std::uint32_t value) { return put(value); }
  ByteWriter& u64(std::uint64_t value) { return put(value); }

  ByteWriter& text(std::string_view text) {
    bytes_.append(text);
    return *this;
  }
  ByteWriter& c_string(std::string_view text) { return this->text(text).zeros(1); }
  ByteWriter& zeros(std::size_t count) {
    bytes_.append(count, '\0');
    return *this;
  }
  ByteWriter& pad_to(std::size_t size) { return zeros(size > bytes_.size() ? size - bytes_.size() : 0); }

  /// perf_header_string: length, text, NULs to a multiple of 64.
  ByteWriter& header_string(std::string_view text) {
    const std::size_t padded = (text.size() / 64 + 1) * 64;
    return u32(static_cast<std::uint32_t>(padded)).text(text).zeros(padded - text.size());
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const std::string& str() const { return bytes_; }

 private:
  std::string bytes_;
  perf_data::ByteOrder order_;
};

/// A view of `text` as bytes; valid as long as the text is.
[[nodiscard]] inline perf_data::Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace sockscope::test_support

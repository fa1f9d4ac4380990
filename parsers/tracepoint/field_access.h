#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/perf_data/bytes.h"
#include "parsers/tracepoint/format.h"

namespace sockscope::tracepoint {

/// Whether the field's elements, or itself if it has none, are numbers of 1, 2, 4 or 8 bytes.
[[nodiscard]] bool has_integers(const Field& field) noexcept;

/// An integer, enum or pointer field of 1, 2, 4 or 8 bytes, bound once to a format and then read from each payload
/// with nothing but a bounds check.
class IntegerField {
 public:
  /// Nothing when the format has no such field or it is not one number.
  [[nodiscard]] static std::optional<IntegerField> of(const Format& format, std::string_view name);
  /// Nothing when the field is not one number.
  [[nodiscard]] static std::optional<IntegerField> of(const Field& field, perf_data::ByteOrder order);

  IntegerField(std::uint32_t offset, std::uint32_t size, bool is_signed,
               perf_data::ByteOrder order = perf_data::ByteOrder::kNative) noexcept
      : offset_(offset), size_(size), is_signed_(is_signed), order_(order) {}

  /// The value, sign-extended if the field is signed. An unsigned 64-bit value keeps its bits (see read_unsigned).
  /// Nothing when the payload ends before the field does.
  [[nodiscard]] std::optional<std::int64_t> read(perf_data::Bytes payload) const noexcept {
    if (payload.size() < offset_ || payload.size() - offset_ < size_) return std::nullopt;
    return value_at(payload.data() + offset_);
  }

  /// The same bits as an unsigned number: addresses, cookies.
  [[nodiscard]] std::optional<std::uint64_t> read_unsigned(perf_data::Bytes payload) const noexcept {
    const auto value = read(payload);
    return value ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::int64_t value_at(const std::byte* at) const noexcept {
    switch (size_) {
      case 1:
        return widen<std::int8_t>(perf_data::load<std::uint8_t>(at, order_));
      case 2:
        return widen<std::int16_t>(perf_data::load<std::uint16_t>(at, order_));
      case 4:
        return widen<std::int32_t>(perf_data::load<std::uint32_t>(at, order_));
      default:
        return static_cast<std::int64_t>(perf_data::load<std::uint64_t>(at, order_));
    }
  }

  template <class Signed, class Unsigned>
  [[nodiscard]] std::int64_t widen(Unsigned value) const noexcept {
    return is_signed_ ? std::int64_t{static_cast<Signed>(value)} : static_cast<std::int64_t>(value);
  }

  std::uint32_t offset_;
  std::uint32_t size_;
  bool is_signed_;
  perf_data::ByteOrder order_;
};

/// A field whose length varies or is more than one number: char arrays, `__data_loc`, `__rel_loc`.
class BytesField {
 public:
  /// Nothing when the format has no such field.
  [[nodiscard]] static std::optional<BytesField> of(const Format& format, std::string_view name);
  /// Nothing when the field refers to its bytes in a way that no kernel has.
  [[nodiscard]] static std::optional<BytesField> of(const Field& field, perf_data::ByteOrder order);

  /// The bytes the field refers to. Nothing when they do not lie within the payload.
  [[nodiscard]] std::optional<perf_data::Bytes> read(perf_data::Bytes payload) const noexcept {
    if (payload.size() < offset_ || payload.size() - offset_ < size_) return std::nullopt;
    if (locator_ == Locator::kFixed) return payload.subspan(offset_, size_);
    // include/trace/stages/stage5_get_offsets.h: length << 16 | offset.
    const auto where = perf_data::load<std::uint32_t>(payload.data() + offset_, order_);
    const std::size_t length = where >> 16U;
    const std::size_t start = (where & 0xffffU) + (locator_ == Locator::kRelLoc ? offset_ + size_ : 0);
    if (start > payload.size() || length > payload.size() - start) return std::nullopt;
    return payload.subspan(start, length);
  }

 private:
  explicit BytesField(const Field& field, perf_data::ByteOrder order) noexcept
      : offset_(field.offset), size_(field.size), locator_(field.locator), order_(order) {}

  std::uint32_t offset_;
  std::uint32_t size_;
  Locator locator_;
  perf_data::ByteOrder order_;
};

/// A text field: `char comm[16]`, `__data_loc char[] name`.
class StringField {
 public:
  /// Nothing when the format has no such field or it is not text.
  [[nodiscard]] static std::optional<StringField> of(const Format& format, std::string_view name);

  /// The text up to its first NUL; points into the payload. Nothing when it does not lie within the payload.
  [[nodiscard]] std::optional<std::string_view> read(perf_data::Bytes payload) const noexcept {
    const auto text = read_padded(payload);
    return text ? std::optional(perf_data::until_nul(*text)) : std::nullopt;
  }

  /// The same with what follows the NUL, for those who need not know where it is.
  [[nodiscard]] std::optional<std::string_view> read_padded(perf_data::Bytes payload) const noexcept {
    const auto bytes = bytes_.read(payload);
    return bytes ? std::optional(perf_data::as_text(*bytes)) : std::nullopt;
  }

 private:
  explicit StringField(BytesField bytes) noexcept : bytes_(bytes) {}

  BytesField bytes_;
};

/// A fixed array of integers: raw_syscalls' `unsigned long args[6]`.
class IntegerArrayField {
 public:
  /// Nothing when the format has no such field or it is not a fixed array of integers.
  [[nodiscard]] static std::optional<IntegerArrayField> of(const Format& format, std::string_view name);

  [[nodiscard]] std::uint32_t length() const noexcept { return length_; }

  /// Element `index`. Nothing when the array has no such element or the payload ends before it does.
  [[nodiscard]] std::optional<std::int64_t> read(perf_data::Bytes payload, std::uint32_t index) const noexcept {
    if (index >= length_) return std::nullopt;
    return IntegerField(offset_ + index * element_size_, element_size_, is_signed_, order_).read(payload);
  }

 private:
  IntegerArrayField(const Field& field, perf_data::ByteOrder order) noexcept
      : offset_(field.offset),
        element_size_(field.element_size),
        length_(field.size / field.element_size),
        is_signed_(field.is_signed),
        order_(order) {}

  std::uint32_t offset_;
  std::uint32_t element_size_;
  std::uint32_t length_;
  bool is_signed_;
  perf_data::ByteOrder order_;
};

}  // namespace sockscope::tracepoint

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace sockscope {

/// A short text that is appended to a TextBuffer millions of times: up to 48 bytes of it in one copy of fixed length.
class Literal {
 public:
  static constexpr std::size_t kInline = 48;

  explicit Literal(std::string text = {}) : text_(std::move(text)) {
    if (text_.size() <= kInline) std::memcpy(head_.data(), text_.data(), text_.size());
  }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  friend class TextBuffer;

  std::array<char, kInline> head_{};
  std::string text_;
};

/// Text in the making. Room is asked for first, and what is put after that is not checked again: the bytes of each
/// put() must have been reserved.
class TextBuffer {
 public:
  /// Bytes of a number at most, in decimal or in hex with its 0x.
  static constexpr std::size_t kNumber = 20;

  void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes + Literal::kInline) [[unlikely]] {
      grow(bytes + Literal::kInline);
    }
  }

  void put(char c) noexcept { *at_++ = c; }
  void put(std::string_view text) noexcept {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  void put(const Literal& literal) noexcept {
    if (literal.text_.size() > Literal::kInline) [[unlikely]] {
      return put(literal.text());
    }
    std::memcpy(at_, literal.head_.data(), Literal::kInline);
    at_ += literal.text_.size();
  }
  void fill(std::size_t count, char c) noexcept {
    std::memset(at_, c, count);
    at_ += count;
  }

  void put_unsigned(std::uint64_t value) noexcept {
    if (value < 10) return put(static_cast<char>('0' + value));
    at_ = write_digits(at_, value);
  }
  void put_signed(std::int64_t value) noexcept {
    if (value < 0) put('-');
    put_unsigned(value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  }
  void put_hex(std::uint64_t value) noexcept;
  /// Exactly `digits` of them, of a value that has no more.
  void put_padded(std::uint64_t value, std::size_t digits) noexcept;
  /// The same of nine digits, faster.
  void put_padded_9(std::uint32_t value) noexcept;

  /// Where the next byte goes, for those who write there themselves and then call advance().
  [[nodiscard]] char* end() noexcept { return at_; }
  void advance(std::size_t bytes) noexcept { at_ += bytes; }

  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - data_.get()); }
  [[nodiscard]] std::string_view text() const noexcept { return {data_.get(), size()}; }
  /// The text, to be changed.
  [[nodiscard]] char* data() noexcept { return data_.get(); }
  void clear() noexcept { at_ = data_.get(); }

 private:
  static char* write_digits(char* at, std::uint64_t value) noexcept;
  void grow(std::size_t bytes);

  std::unique_ptr<char[]> data_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace sockscope

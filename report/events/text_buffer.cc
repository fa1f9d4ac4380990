#include "report/events/text_buffer.h"

#include <algorithm>
#include <bit>

namespace sockscope {
namespace {

// "00" to "99".
constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t number = 0; number < 100; ++number) {
    pairs[2 * number] = static_cast<char>('0' + number / 10);
    pairs[2 * number + 1] = static_cast<char>('0' + number % 10);
  }
  return pairs;
}();

constexpr auto kPowers = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (std::uint64_t& one : powers) {
    one = power;
    power *= 10;
  }
  return powers;
}();

// log10 by way of log2: 1233 / 4096 is log10(2).
std::size_t digits_of(std::uint64_t value) noexcept {
  const auto guess = static_cast<std::size_t>(std::bit_width(value)) * 1233 / 4096;
  return guess + (value >= kPowers[guess] ? 1 : 0);
}

// The last digits of a number, from `end` backwards, two at a time.
void write_backwards(char* end, std::uint64_t value, std::size_t digits) noexcept {
  for (; digits >= 2; digits -= 2) {
    end -= 2;
    std::memcpy(end, &kPairs[2 * (value % 100)], 2);
    value /= 100;
  }
  if (digits == 1) end[-1] = static_cast<char>('0' + value % 10);
}

}  // namespace

char* TextBuffer::write_digits(char* at, std::uint64_t value) noexcept {
  const std::size_t digits = digits_of(value);
  write_backwards(at + digits, value, digits);
  return at + digits;
}

void TextBuffer::put_padded(std::uint64_t value, std::size_t digits) noexcept {
  write_backwards(at_ + digits, value, digits);
  at_ += digits;
}

void TextBuffer::put_hex(std::uint64_t value) noexcept {
  put('0');
  put('x');
  const int digits = std::max(1, (static_cast<int>(std::bit_width(value)) + 3) / 4);
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 0xf]);
}

void TextBuffer::grow(std::size_t bytes) {
  const std::size_t used = size();
  const std::size_t capacity = std::max<std::size_t>(used + bytes, 2 * (end_ - data_.get()));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (used > 0) std::memcpy(larger.get(), data_.get(), used);
  data_ = std::move(larger);
  at_ = data_.get() + used;
  end_ = data_.get() + capacity;
}

}  // namespace sockscope

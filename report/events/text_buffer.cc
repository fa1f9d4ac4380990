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

constexpr std::string_view kHexDigits = "0123456789abcdef";

// "00" to "ff".
constexpr auto kHexPairs = [] {
  std::array<char, 512> pairs{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    pairs[2 * byte] = kHexDigits[byte / 16];
    pairs[2 * byte + 1] = kHexDigits[byte % 16];
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

void write_pair(char* at, std::uint64_t number) noexcept { std::memcpy(at, kPairs.data() + 2 * number, 2); }

// The last digits of a number, from `end` backwards, two at a time.
void write_backwards(char* end, std::uint64_t value, std::size_t digits) noexcept {
  for (; digits >= 2; digits -= 2) {
    end -= 2;
    write_pair(end, value % 100);
    value /= 100;
  }
  if (digits == 1) end[-1] = static_cast<char>('0' + value % 10);
}

}  // namespace

char* TextBuffer::write_digits(char* at, std::uint64_t value) noexcept {
  if (value < 100) {
    write_pair(at, value);
    return at + 2;
  }
  const std::size_t digits = digits_of(value);
  write_backwards(at + digits, value, digits);
  return at + digits;
}

void TextBuffer::put_padded(std::uint64_t value, std::size_t digits) noexcept {
  write_backwards(at_ + digits, value, digits);
  at_ += digits;
}

void TextBuffer::put_padded_9(std::uint32_t value) noexcept {
  // Two halves that do not wait for each other.
  const std::uint32_t low = value % 10'000;
  const std::uint32_t rest = value / 10'000;
  const std::uint32_t high = rest % 10'000;
  at_[0] = static_cast<char>('0' + rest / 10'000);
  write_pair(at_ + 1, high / 100);
  write_pair(at_ + 3, high % 100);
  write_pair(at_ + 5, low / 100);
  write_pair(at_ + 7, low % 100);
  at_ += 9;
}

void TextBuffer::put_hex(std::uint64_t value) noexcept {
  put("0x");
  const std::size_t digits = (std::max<std::size_t>(std::bit_width(value), 1) + 3) / 4;
  char* end = at_ + digits;
  at_ = end;
  for (std::size_t left = digits; left >= 2; left -= 2) {
    end -= 2;
    std::memcpy(end, &kHexPairs[2 * (value & 0xff)], 2);
    value >>= 8;
  }
  if (digits % 2 != 0) end[-1] = kHexDigits[value & 0xf];
}

void TextBuffer::grow(std::size_t bytes) {
  const std::size_t used = size();
  const std::size_t capacity = std::max<std::size_t>(used + bytes, 2 * static_cast<std::size_t>(end_ - data_.get()));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (used > 0) std::memcpy(larger.get(), data_.get(), used);
  data_ = std::move(larger);
  at_ = data_.get() + used;
  end_ = data_.get() + capacity;
}

}  // namespace sockscope

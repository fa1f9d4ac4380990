#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

namespace sockscope::perf_data {

/// Read-only bytes of a recording: a view into the mapped file, never a copy.
using Bytes = std::span<const std::byte>;

/// Byte order of the machine that recorded, seen from this one.
enum class ByteOrder {
  kNative,   ///< Same as this machine's.
  kSwapped,  ///< The other one: every number read must be reversed.
};

/// The number stored at `at`, of any alignment. The caller has checked that sizeof(T) bytes are there.
template <std::unsigned_integral T>
[[nodiscard]] inline T load(const std::byte* at, ByteOrder order = ByteOrder::kNative) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return order == ByteOrder::kNative ? value : std::byteswap(value);
}

/// The same bytes as text. No NUL is looked for or assumed.
[[nodiscard]] inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Text up to its first NUL, or all of it: how the kernel and perf pad strings.
[[nodiscard]] inline std::string_view until_nul(std::string_view text) noexcept {
  return text.substr(0, text.find('\0'));
}

}  // namespace sockscope::perf_data

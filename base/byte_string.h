#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace sockscope {

/// Appends the bytes of a number, as this machine keeps them, to bytes that become a file.
template <class T>
  requires std::integral<T> || std::is_enum_v<T>
void append_number(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

/// Appends a text and a NUL.
inline void append_c_string(std::string& bytes, std::string_view text) {
  bytes.append(text);
  bytes.push_back('\0');
}

/// Appends NULs until the size is a multiple of `alignment`.
inline void pad(std::string& bytes, std::size_t alignment) {
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

}  // namespace sockscope

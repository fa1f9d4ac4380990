#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>

namespace sockscope {

/// Appends the bytes of a number, as this machine keeps them, to bytes that become a file.
template <class T>
  requires std::integral<T> || std::is_enum_v<T>
void append_number(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

/// Appends NULs until the size is a multiple of `alignment`.
inline void pad(std::string& bytes, std::size_t alignment) {
  bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
}

}  // namespace sockscope

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sockscope {

/// What a sweep varies: the same comparison is made for each of a list of values.
enum class SweptBy : std::uint8_t { kSize, kRate, kFlows };

/// "size", "rate", "flows": as the option is called, and the key in documents.
constexpr std::string_view name_of(SweptBy by) {
  constexpr std::array<std::string_view, 3> names{"size", "rate", "flows"};
  return names.at(static_cast<std::size_t>(by));
}

/// What its values count.
constexpr std::string_view unit_of(SweptBy by) {
  constexpr std::array<std::string_view, 3> units{"bytes a message", "messages a second", "sockets at each end"};
  return units.at(static_cast<std::size_t>(by));
}

}  // namespace sockscope

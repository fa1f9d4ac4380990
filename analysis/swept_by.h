#pragma once

#include <cstdint>
#include <string_view>

namespace sockscope {

/// What a sweep varies: the same comparison is made for each of a list of values.
enum class SweptBy : std::uint8_t { kSize, kRate, kFlows };

/// "size", "rate", "flows": as the option is called, and the key in documents.
constexpr std::string_view name_of(SweptBy by) {
  switch (by) {
    case SweptBy::kSize:
      return "size";
    case SweptBy::kRate:
      return "rate";
    case SweptBy::kFlows:
      break;
  }
  return "flows";
}

/// What its values count.
constexpr std::string_view unit_of(SweptBy by) {
  switch (by) {
    case SweptBy::kSize:
      return "bytes a message";
    case SweptBy::kRate:
      return "messages a second";
    case SweptBy::kFlows:
      break;
  }
  return "sockets at each end";
}

}  // namespace sockscope

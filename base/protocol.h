#pragma once

#include <array>
#include <string_view>

namespace sockscope {

enum class Protocol { kTcp, kUdp };

inline constexpr std::array kProtocols{Protocol::kTcp, Protocol::kUdp};

/// "tcp" or "udp": the spelling of options, JSON keys and file names.
[[nodiscard]] constexpr std::string_view name_of(Protocol protocol) {
  return protocol == Protocol::kTcp ? "tcp" : "udp";
}

}  // namespace sockscope

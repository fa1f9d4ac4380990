#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace sockscope {

/// Where a relayed message is stamped with the time, in the order of its way.
enum class RelayStation : std::uint8_t {
  kRequestIntoProxy,   ///< Behind the receive of its first bytes.
  kRequestOutOfProxy,  ///< Before its first bytes are sent on.
  kIntoServer,         ///< Behind the receive of all of it.
  kOutOfServer,        ///< Before the answer is sent.
  kResponseIntoProxy,  ///< As on the way there.
  kResponseOutOfProxy,
};

/// What the beginning of a relayed message carries: which one it is, and the times of its stations by the one clock, 0
/// where there was none. All processes are on one machine, so that there is no byte order to agree on.
struct RelayHeader {
  static constexpr std::size_t kStations = 6;

  std::uint64_t sequence = 0;
  std::array<std::uint64_t, kStations> stamps{};

  static RelayHeader of(std::span<const std::byte> message) {
    RelayHeader header;
    std::memcpy(&header, message.data(), sizeof header);
    return header;
  }
  void put_into(std::span<std::byte> message) const { std::memcpy(message.data(), this, sizeof *this); }
};

inline void stamp(std::span<std::byte> message, RelayStation station, std::uint64_t now_ns) {
  const std::size_t offset = offsetof(RelayHeader, stamps) + static_cast<std::size_t>(station) * sizeof(std::uint64_t);
  std::memcpy(message.data() + offset, &now_ns, sizeof now_ns);
}

}  // namespace sockscope

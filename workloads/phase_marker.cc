#include "workloads/phase_marker.h"

#include <array>
#include <cstring>

#include "workloads/send_message.h"

namespace sockscope {
namespace {

constexpr std::byte kSign{0xe0};
constexpr std::size_t kSentAt = 2;

}  // namespace

Result<> send_marker(int socket, const PhaseMarker& marker) {
  std::array<std::byte, PhaseMarker::kSize> bytes{kSign, static_cast<std::byte>(marker.phase)};
  std::memcpy(bytes.data() + kSentAt, &marker.sent, sizeof marker.sent);
  return send_message(socket, bytes);
}

std::optional<PhaseMarker> marker_of(std::span<const std::byte> datagram) {
  if (datagram.size() != PhaseMarker::kSize || datagram[0] != kSign) return std::nullopt;
  PhaseMarker marker{.phase = static_cast<Phase>(datagram[1])};
  std::memcpy(&marker.sent, datagram.data() + kSentAt, sizeof marker.sent);
  return marker;
}

}  // namespace sockscope

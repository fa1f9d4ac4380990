#include "workloads/phase_marker.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sockscope {
namespace {

constexpr std::uint64_t kAttempts = 40;
constexpr int kAttemptMs = 50;
constexpr std::byte kSign{0xe0};

using Bytes = std::array<std::byte, PhaseMarker::kSize>;

Bytes bytes_of(const PhaseMarker& marker) {
  Bytes bytes{kSign, static_cast<std::byte>(marker.phase)};
  std::memcpy(bytes.data() + 2, &marker.sent, sizeof marker.sent);
  return bytes;
}

/// Whether the marker came back within an attempt's time.
Result<bool> is_confirmed(int socket, const PhaseMarker& marker) {
  pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
  while (poll(&polled, 1, kAttemptMs) > 0) {
    Bytes answer{};
    const ssize_t got = recv(socket, answer.data(), answer.size(), MSG_DONTWAIT);
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    }
    if (got == std::ssize(answer) && answer == bytes_of(marker)) return true;
  }
  return false;
}

}  // namespace

Result<PhaseTold> tell_phase_over(int socket, const PhaseMarker& marker) {
  const Bytes bytes = bytes_of(marker);
  PhaseTold told;
  while (!told.is_confirmed && told.markers < kAttempts) {
    if (send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 && errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot send: {}", errno_text(errno));
    }
    ++told.markers;
    auto confirmed = is_confirmed(socket, marker);
    if (!confirmed) return pass_on(confirmed);
    told.is_confirmed = *confirmed;
  }
  return told;
}

std::optional<PhaseMarker> marker_of(std::span<const std::byte> datagram) {
  if (datagram.size() != PhaseMarker::kSize || datagram[0] != kSign) return std::nullopt;
  PhaseMarker marker{.phase = static_cast<Phase>(datagram[1])};
  std::memcpy(&marker.sent, datagram.data() + 2, sizeof marker.sent);
  return marker;
}

void confirm(int socket, const PhaseMarker& marker) {
  const Bytes bytes = bytes_of(marker);
  (void)send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace sockscope

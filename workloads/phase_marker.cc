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

enum class Answer { kConfirmed, kNone, kRefused };

/// What comes back within an attempt's time.
Result<Answer> answer_to(const PhaseMarker& marker, int socket) {
  pollfd polled{.fd = socket, .events = POLLIN, .revents = 0};
  while (poll(&polled, 1, kAttemptMs) > 0) {
    Bytes answer{};
    const ssize_t got = recv(socket, answer.data(), answer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == ECONNREFUSED) return Answer::kRefused;
    if (got < 0 && errno != EAGAIN && errno != EINTR) {
      return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(errno));
    }
    if (got == std::ssize(answer) && answer == bytes_of(marker)) return Answer::kConfirmed;
  }
  return Answer::kNone;
}

/// Nobody is there any more. At the end of all that is as it should be, if only the confirmation was lost; that the
/// receiver died, the harness sees. The last marker reached nobody.
Result<PhaseTold> refused(const PhaseMarker& marker, PhaseTold told) {
  if (marker.phase == Phase::kWarmUp || told.markers < 2) {
    return fail(ErrorKind::kEnvironment, "cannot receive: {}", errno_text(ECONNREFUSED));
  }
  --told.markers;
  return told;
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
    const auto answer = answer_to(marker, socket);
    if (!answer) return std::unexpected(answer.error());
    if (*answer == Answer::kRefused) return refused(marker, told);
    told.is_confirmed = *answer == Answer::kConfirmed;
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

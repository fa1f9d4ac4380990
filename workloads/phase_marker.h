#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.h"
#include "workloads/phase.h"

namespace sockscope {

/// A datagram by which a one-way sender tells the receiver that a phase is over. It is sent until it is heard
/// (workloads/barrier.h). Messages are longer.
struct PhaseMarker {
  static constexpr std::size_t kSize = 10;
  Phase phase = Phase::kMeeting;
  std::uint64_t sent = 0;  ///< Messages of the phase.
};

Result<> send_marker(int socket, const PhaseMarker& marker);

/// The marker that a datagram is, if it is one.
std::optional<PhaseMarker> marker_of(std::span<const std::byte> datagram);

}  // namespace sockscope

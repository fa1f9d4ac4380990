#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/error.h"

/// How a sender of datagrams tells the receiver that a phase is over, whatever gets lost: it sends a marker until the
/// receiver has sent it back. Messages are longer than a marker.
namespace sockscope {

enum class Phase : std::uint8_t { kWarmUp = 1, kMeasured = 2 };

struct PhaseMarker {
  static constexpr std::size_t kSize = 10;
  Phase phase = Phase::kWarmUp;
  std::uint64_t sent = 0;  ///< Messages of the phase.
};

/// What came of telling.
struct PhaseTold {
  bool is_confirmed = false;  ///< False: not in all of some seconds; after the measured phase the receiver may be gone.
  std::uint64_t markers = 0;  ///< Sent until then; a full buffer drops markers as it drops messages.
};

/// kEnvironment if the receiver is known to be gone.
Result<PhaseTold> tell_phase_over(int socket, const PhaseMarker& marker);

/// The marker that a datagram is, if it is one.
std::optional<PhaseMarker> marker_of(std::span<const std::byte> datagram);

/// Sends the marker back.
void confirm(int socket, const PhaseMarker& marker);

}  // namespace sockscope

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "analysis/stage.h"

namespace sockscope {

/// What lies between the ends of two round trips, in the order of time: the client's turn-around, then the stages of
/// the request, the server's turn-around, and the stages of the response.
inline constexpr std::size_t kRoundTripParts = 2 * kMessageStages.size() + 2;
using RoundTripPart = std::pair<Direction, Stage>;
inline constexpr std::array<RoundTripPart, kRoundTripParts> kPartsOfRoundTrip = [] {
  std::array<RoundTripPart, kRoundTripParts> parts{};
  std::size_t at = 0;
  parts.at(at++) = {Direction::kClient, Stage::kTurnAround};
  for (const Stage stage : kMessageStages) parts.at(at++) = {Direction::kRequest, stage};
  parts.at(at++) = {Direction::kServer, Stage::kTurnAround};
  for (const Stage stage : kMessageStages) parts.at(at++) = {Direction::kResponse, stage};
  return parts;
}();

/// Without the client's turn-around: the round trip itself.
inline constexpr std::span kPathOfRoundTrip = std::span(kPartsOfRoundTrip).subspan<1>();

/// The parts of round trips, added up by how long the whole took: so that afterwards those in the middle can be told
/// from the few that something held up. What their parts take adds up to what about the median takes, as medians of
/// parts do not. Memory grows with the logarithm of the longest one, some 200 KiB at a second.
class CentralRoundTrips {
 public:
  using Parts = std::array<std::uint64_t, kRoundTripParts>;

  /// The mean of one part, in the order of kPartsOfRoundTrip.
  struct Mean {
    double time_ns = 0;
    double events = 0;
  };
  using Means = std::array<Mean, kRoundTripParts>;

  /// One round trip: the nanoseconds of each part, and the recorded events in it.
  void add(const Parts& times_ns, const Parts& events);
  void merge(const CentralRoundTrips& other);

  /// Of the round trips between the first quartile and the third, by their length to within 1.6 %; nothing while empty.
  [[nodiscard]] std::optional<Means> middle_half() const;

 private:
  struct Sums {
    std::uint64_t count = 0;
    Parts times_ns{};
    Parts events{};
  };

  std::vector<Sums> by_length_;
};

}  // namespace sockscope

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/paired_comparison.h"
#include "analysis/stage.h"

namespace sockscope {

struct VariantSummary;

/// A part of the round trip as it is without the time of the events in it.
struct CorrectedPart {
  Direction direction = Direction::kRequest;
  Stage stage = Stage::kSend;
  double traced_ns = 0;   ///< The mean over the middle half of the round trips (CentralRoundTrips).
  double events = 0;      ///< In the mean, recorded on the CPU that does the work.
  Estimate corrected_ns;  ///< traced_ns less the events' time; the interval is that of the time of an event.
};

/// What tracing adds to a round trip, and the round trip without it.
///
/// An event takes time where it happens: a part's time under tracing is its true time and that of the events in it.
/// What an event takes is seen in neighbouring runs that record nested sets of events: their medians by the workload's
/// clock differ by the events that only one of them records. That untraced runs are not used for it makes them the
/// proof: the corrected parts must add up to their median. What they do not is the gap.
struct ProbeEffect {
  Estimate event_ns;                 ///< The time of an event.
  std::size_t pairs = 0;             ///< Of runs with the whole set and with the smaller one, and
  double events = 0;                 ///< the events of a round trip with the one, wherever they happen,
  double nested_events = 0;          ///< and with the other.
  std::vector<CorrectedPart> parts;  ///< From the end of a round trip to the end of the next.
  double traced_ns = 0;              ///< The sum of the parts as traced,
  Estimate corrected_ns;             ///< and as corrected.
  std::optional<double> untraced_p50_ns;

  /// How far the corrected parts together are from the untraced median: 0.03 is 3 % too long.
  [[nodiscard]] std::optional<double> gap() const;
};

/// Nothing without round trips, or without pairs of runs with nested event sets.
std::optional<ProbeEffect> probe_effect_of(const VariantSummary& variant);

}  // namespace sockscope

#include "analysis/probe_effect.h"

#include <algorithm>
#include <cmath>

#include "analysis/summary.h"

namespace sockscope {
namespace {

/// Runs of one round with the whole set of events and with the nested one.
struct NestedPairs {
  std::vector<RunPair> medians_ns;
  double events = 0;  // means
  double nested_events = 0;
};

NestedPairs nested_pairs_of(const VariantSummary& variant) {
  NestedPairs pairs;
  for (const RunFigures& nested : variant.runs) {
    if (nested.watched != Watched::kNested || !nested.probe) continue;
    const auto whole = std::ranges::find_if(variant.runs, [&](const RunFigures& run) {
      return run.watched == Watched::kTraced && run.round == nested.round && run.probe;
    });
    if (whole == variant.runs.end()) continue;
    pairs.medians_ns.push_back({whole->probe->rtt_p50_ns, nested.probe->rtt_p50_ns});
    pairs.events += whole->probe->events;
    pairs.nested_events += nested.probe->events;
  }
  pairs.events /= static_cast<double>(pairs.medians_ns.size());
  pairs.nested_events /= static_cast<double>(pairs.medians_ns.size());
  return pairs;
}

Estimate scaled(const Estimate& estimate, double factor) {
  Estimate result{.value = estimate.value * factor, .ci95 = std::nullopt};
  if (estimate.ci95) result.ci95 = Interval{.low = estimate.ci95->low * factor, .high = estimate.ci95->high * factor};
  return result;
}

Estimate less(double whole, const Estimate& part) {
  Estimate result{.value = whole - part.value, .ci95 = std::nullopt};
  if (part.ci95) result.ci95 = Interval{.low = whole - part.ci95->high, .high = whole - part.ci95->low};
  return result;
}

}  // namespace

std::optional<double> ProbeEffect::gap() const {
  if (!untraced_p50_ns) return std::nullopt;
  return corrected_ns.value / *untraced_p50_ns - 1;
}

std::optional<ProbeEffect> probe_effect_of(const VariantSummary& variant) {
  const auto means = variant.traced ? variant.traced->central.middle_half() : std::nullopt;
  const NestedPairs pairs = nested_pairs_of(variant);
  if (!means || pairs.medians_ns.empty() || pairs.events <= pairs.nested_events) return std::nullopt;

  const Estimate added = compare_pairs(pairs.medians_ns, {}).difference;
  ProbeEffect effect{.event_ns = scaled(added, 1 / (pairs.events - pairs.nested_events)),
                     .pairs = pairs.medians_ns.size(),
                     .events = pairs.events,
                     .nested_events = pairs.nested_events};
  double seen = 0;
  for (std::size_t i = 0; i < kRoundTripParts; ++i) {
    const auto& [direction, stage] = kPartsOfRoundTrip[i];
    const auto& [time_ns, events] = (*means)[i];
    effect.parts.push_back({.direction = direction,
                            .stage = stage,
                            .traced_ns = time_ns,
                            .events = events,
                            .corrected_ns = less(time_ns, scaled(effect.event_ns, events))});
    effect.traced_ns += time_ns;
    seen += events;
  }
  effect.corrected_ns = less(effect.traced_ns, scaled(effect.event_ns, seen));
  if (variant.untraced && !variant.untraced->rtt.empty()) {
    effect.untraced_p50_ns = static_cast<double>(variant.untraced->rtt.quantile(0.5));
  }
  return effect;
}

}  // namespace sockscope

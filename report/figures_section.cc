#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "report/comparison.h"
#include "report/numbers.h"
#include "report/plot/distributions.h"
#include "report/sections.h"

/// The sections that compare one number of each variant a row: latency, counts per round trip, the cost of tracing and
/// the counters.
namespace sockscope {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 4> kPercentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

std::optional<double> quantile_of(const Histogram& histogram, double quantile) {
  if (histogram.empty()) return std::nullopt;
  return static_cast<double>(histogram.quantile(quantile));
}

std::optional<double> nonzero(std::uint64_t count) {
  return count == 0 ? std::nullopt : std::optional(static_cast<double>(count));
}

/// The round trip times that a latency section shows of a variant.
struct Latency {
  const Histogram* rtt = nullptr;
  std::uint64_t lost = 0;
  bool doubtful = false;
};
using LatencyOf = std::function<std::optional<Latency>(const VariantSummary&)>;

void add_latency_rows(Comparison& comparison, const LatencyOf& latency_of) {
  const auto figure = [&latency_of](auto value_of) -> Comparison::FigureOf {
    return [&latency_of, value_of](const VariantSummary& side) {
      const auto latency = latency_of(side);
      return latency ? Figure{value_of(*latency), latency->doubtful} : Figure{};
    };
  };
  const auto bound = [](std::uint64_t (Histogram::*get)() const noexcept) {
    return [get](const Latency& latency) -> std::optional<double> {
      if (latency.rtt->empty()) return std::nullopt;
      return static_cast<double>((latency.rtt->*get)());
    };
  };
  comparison.add("min", figure(bound(&Histogram::min)), format_us);
  for (const auto& [label, quantile] : kPercentiles) {
    const auto percentile = [quantile](const Latency& latency) { return quantile_of(*latency.rtt, quantile); };
    comparison.add(std::string(label), figure(percentile), format_us);
  }
  comparison.add("max", figure(bound(&Histogram::max)), format_us);
  const auto count = [](const Latency& latency) -> std::optional<double> {
    return static_cast<double>(latency.rtt->count());
  };
  comparison.add_values("round trips measured", figure(count), format_count_of);
  const auto lost = [](const Latency& latency) { return nonzero(latency.lost); };
  comparison.add_values("given up after the time-out", figure(lost), format_count_of);
}

using CountMember = std::uint64_t PathCounts::*;
constexpr std::array<std::pair<std::string_view, CountMember>, 5> kCounts{{
    {"system calls", &PathCounts::syscalls},
    {"packets queued (skbs)", &PathCounts::skbs},
    {"softirqs (NET_RX)", &PathCounts::softirqs},
    {"context switches", &PathCounts::context_switches},
    {"wake-ups", &PathCounts::wakeups},
}};

std::optional<double> counter_of(const VariantSummary& side, std::string_view name) {
  if (!side.untraced) return std::nullopt;
  const auto& counters = side.untraced->counters;
  const auto found = std::ranges::find_if(counters, [name](const auto& counter) { return counter.first == name; });
  return found == counters.end() ? std::nullopt : std::optional(static_cast<double>(found->second));
}

Comparison::FigureOf counter(std::string_view name) {
  return [name](const VariantSummary& side) { return Figure{counter_of(side, name)}; };
}

Comparison::FigureOf counter_per_unit(std::string_view name) {
  return [name](const VariantSummary& side) {
    Figure figure{counter_of(side, name)};
    if (!figure.value) return figure;
    const std::uint64_t units = side.untraced->counted;
    if (units == 0) return Figure{};
    figure.value = *figure.value / static_cast<double>(units);
    return figure;
  };
}

/// One-way workloads, whose figures stand in sections of their own.
bool measures_no_round_trips(const Summary& summary) {
  return std::ranges::any_of(summary.variants, [](const VariantSummary& side) {
    return side.untraced && side.untraced->rtt.empty() && side.untraced->measured.units != 0;
  });
}

}  // namespace

bool has_untraced(const Summary& summary) {
  return std::ranges::any_of(summary.variants, [](const auto& side) { return side.untraced.has_value(); });
}

bool has_traced(const Summary& summary) {
  return std::ranges::any_of(summary.variants, [](const auto& side) { return side.traced.has_value(); });
}

bool has_round_trips(const Summary& summary) {
  return std::ranges::any_of(summary.variants,
                             [](const auto& side) { return side.traced && !side.traced->rtt.empty(); });
}

void add_latency(TableDraft& draft) {
  Comparison comparison(draft.summary.variants);
  if (measures_no_round_trips(draft.summary)) return;
  if (has_untraced(draft.summary)) {
    draft.page.heading("LATENCY, untraced", "microseconds per round trip, by the workload's own clock");
    add_latency_rows(comparison, [](const VariantSummary& side) -> std::optional<Latency> {
      if (!side.untraced) return std::nullopt;
      return Latency{&side.untraced->rtt, side.untraced->lost, false};
    });
  } else if (has_round_trips(draft.summary)) {
    draft.page.heading("LATENCY, traced", "microseconds per round trip, from the trace and with its cost");
    add_latency_rows(comparison, [&draft](const VariantSummary& side) -> std::optional<Latency> {
      if (!side.traced) return std::nullopt;
      const bool doubtful = draft.doubts.about(side.variant, Figures::kRoundTripTimes);
      return Latency{&side.traced->rtt, side.traced->lost, doubtful};
    });
  } else {
    return;
  }
  draft.page.grid(comparison.grid());
  const bool is_untraced = has_untraced(draft.summary);
  add_distributions(draft, [is_untraced](const VariantSummary& side) -> const Histogram* {
    if (is_untraced) return side.untraced ? &side.untraced->rtt : nullptr;
    return side.traced ? &side.traced->rtt : nullptr;
  });
}

void add_distributions(TableDraft& draft, const std::function<const Histogram*(const VariantSummary&)>& times_of) {
  if (!draft.screen) return;
  std::vector<LabelledTimes> all;
  all.reserve(draft.summary.variants.size());
  for (const VariantSummary& side : draft.summary.variants) {
    all.push_back({.label = side.variant.label, .times = times_of(side)});
  }
  draft.page.picture(distribution_lines(all, *draft.screen, draft.page.style()));
}

void add_counts(TableDraft& draft) {
  if (!has_traced(draft.summary)) return;
  Comparison comparison(draft.summary.variants);
  for (const auto& [label, member] : kCounts) {
    const auto per_round_trip = [&draft, member](const VariantSummary& side) -> Figure {
      if (!side.traced || !side.traced->unit.empty() || side.traced->counts.round_trips == 0) return {};
      const PathCounts& counts = side.traced->counts;
      return {counts.per_round_trip(counts.*member), draft.doubts.about(side.variant, Figures::kCounts)};
    };
    comparison.add(std::string(label), per_round_trip, format_per_round_trip);
  }
  if (comparison.grid().empty()) return;
  const auto round_trips = [](const VariantSummary& side) -> Figure {
    if (!side.traced) return {};
    return {static_cast<double>(side.traced->counts.round_trips)};
  };
  comparison.add_values("round trips counted", round_trips, format_count_of);
  draft.page.heading("PER ROUND TRIP, traced", "events of both ends together");
  draft.page.grid(comparison.grid());
}

void add_tracing_cost(TableDraft& draft) {
  if (!has_traced(draft.summary) || !has_untraced(draft.summary)) return;
  Comparison comparison(draft.summary.variants);
  const auto untraced = [](const VariantSummary& side) -> Figure {
    if (!side.untraced) return {};
    return {quantile_of(side.untraced->rtt, 0.5)};
  };
  const auto traced = [](const VariantSummary& side) -> Figure {
    if (!side.traced) return {};
    return {quantile_of(side.traced->workload_rtt, 0.5)};
  };
  const auto from_trace = [&draft](Histogram TracedSummary::* times) -> Comparison::FigureOf {
    return [&draft, times](const VariantSummary& side) -> Figure {
      if (!side.traced) return {};
      const bool doubtful = draft.doubts.about(side.variant, Figures::kRoundTripTimes);
      return {quantile_of((*side.traced).*times, 0.5), doubtful};
    };
  };
  const auto cost = [](const VariantSummary& side) { return Figure{side.tracing_cost()}; };
  comparison.add("p50 untraced (us)", untraced, format_us);
  comparison.add("p50 traced (us)", traced, format_us);
  comparison.add("p50 traced, by the trace (us)", from_trace(&TracedSummary::period), format_us);
  comparison.add("of that, in system calls (us)", from_trace(&TracedSummary::rtt), format_us);
  comparison.add_values("p50 traced / untraced", cost, format_ratio);
  if (comparison.grid().empty()) return;
  draft.page.heading("WHAT TRACING COST", "why times are taken untraced");
  draft.page.grid(comparison.grid());
}

void add_counters(TableDraft& draft) {
  Comparison comparison(draft.summary.variants);
  const std::string unit = unit_of(draft.summary);
  comparison.add("context switches per " + unit, counter_per_unit("context-switches"), format_per_round_trip);
  comparison.add(fmt::format("CPU time per {} (us)", unit), counter_per_unit("task-clock"), format_us);
  comparison.add_values("CPU migrations in all", counter("cpu-migrations"), format_count_of);
  comparison.add_values("page faults in all", counter("page-faults"), format_count_of);
  if (comparison.grid().empty()) return;
  draft.page.heading("COUNTERS", "libperf, both ends together, in runs of their own");
  draft.page.grid(comparison.grid());
}

}  // namespace sockscope

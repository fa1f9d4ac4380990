#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/comparison.h"
#include "report/findings.h"
#include "report/numbers.h"
#include "report/rates.h"
#include "report/sections.h"
#include "report/text.h"

/// What a workload measured beside round trips: its times, a grid each, and its counts.
namespace sockscope {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 4> kPercentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}};

/// What the times are, by name. One without a note is printed with its name alone.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kNotes{{
    {"one_way", "from before the send to behind the receive, by one clock"},
    {"service_time", "the same round trips from their actual send: what a closed loop would call latency"},
    {"send_lateness", "how long after its time a message was sent"},
    {"transfer", "from the first received to the last, a run each"},
    {"connect", "the call of connect alone"},
    {"connection", "from opening the socket to its close"},
    {"open_port", "from opening the socket to the verdict"},
    {"closed_port", "from opening the socket to the verdict"},
    {"direct", "round trips without the proxy"},
    {"relayed", "round trips through the proxy, alternating with the direct ones"},
    {"hop", "what the proxy adds to the direct round trip beside it; 0 where it was the faster way"},
    {"client_to_proxy", "from before the client's send to behind the proxy's receive"},
    {"request_in_proxy", "from there to before the proxy's send"},
    {"proxy_to_server", "from there to behind the server's receive"},
    {"in_server", "from there to before the server's send"},
    {"server_to_proxy", "from there to behind the proxy's receive"},
    {"response_in_proxy", "from there to before the proxy's send"},
    {"proxy_to_client", "from there to behind the client's receive: these seven add up to the relayed round trips"},
    {"keystroke", "from a key to its echo"},
    {"line", "from the first key of a line to the answer to it"},
}};

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string heading_of(const std::string& name) { return upper_case(spoken(name)) + ", untraced"; }

std::string note_of(std::string_view name) {
  const auto note = std::ranges::find(kNotes, name, &std::pair<std::string_view, std::string_view>::first);
  return note == kNotes.end() ? "microseconds" : fmt::format("microseconds {}", note->second);
}

/// Every name that either variant has, in the order of the first that has it.
template <class Named>
std::vector<std::string> names_of(const Summary& summary,
                                  std::vector<std::pair<std::string, Named>> Measurements::* member) {
  std::vector<std::string> names;
  for (const VariantSummary& side : summary.variants) {
    if (!side.untraced) continue;
    for (const auto& [name, value] : side.untraced->measured.*member) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

/// Then percentiles say nothing.
bool is_measured_once(const Summary& summary, const std::string& name) {
  return std::ranges::all_of(summary.variants, [&name](const VariantSummary& side) {
    const Histogram* const times = side.untraced ? side.untraced->measured.time(name) : nullptr;
    return times == nullptr || times->count() == 1;
  });
}

void add_time(TableDraft& draft, const std::string& name) {
  Comparison comparison(draft.summary.variants);
  const auto figure = [&name](auto value_of) -> Comparison::FigureOf {
    return [&name, value_of](const VariantSummary& side) -> Figure {
      const Histogram* const times = side.untraced ? side.untraced->measured.time(name) : nullptr;
      if (times == nullptr || times->empty()) return {};
      return {static_cast<double>(value_of(*times))};
    };
  };
  if (is_measured_once(draft.summary, name)) {
    comparison.add("measured once", figure([](const Histogram& times) { return times.max(); }), format_us);
    draft.page.heading(heading_of(name), note_of(name));
    draft.page.grid(comparison.grid());
    return;
  }
  comparison.add("min", figure([](const Histogram& times) { return times.min(); }), format_us);
  for (const auto& [label, quantile] : kPercentiles) {
    comparison.add(std::string(label), figure([quantile](const Histogram& times) { return times.quantile(quantile); }),
                   format_us);
  }
  comparison.add("max", figure([](const Histogram& times) { return times.max(); }), format_us);
  comparison.add_values("measured", figure([](const Histogram& times) { return times.count(); }), format_count_of);
  if (comparison.grid().empty()) return;
  draft.page.heading(heading_of(name), note_of(name));
  draft.page.grid(comparison.grid());
  add_distributions(draft, [&name](const VariantSummary& side) {
    return side.untraced ? side.untraced->measured.time(name) : nullptr;
  });
}

std::string format_gigabits(double bits) { return format_ratio(bits / 1e9); }

void add_rates(Comparison& comparison, const std::string& unit) {
  const auto goodput = [](const VariantSummary& side) -> Figure {
    if (!side.untraced) return {};
    return {goodput_bits_per_s(side.untraced->measured)};
  };
  const auto rate = [](const VariantSummary& side) -> Figure {
    if (!side.untraced) return {};
    return {units_per_s(*side.untraced)};
  };
  comparison.add("goodput (Gb/s)", goodput, format_gigabits);
  comparison.add(unit + "s a second", rate, format_count_of);
}

void add_count(Comparison& comparison, const std::string& name) {
  comparison.add_values(
      spoken(name),
      [&name](const VariantSummary& side) -> Figure {
        if (!side.untraced || !side.untraced->measured.has_count(name)) return {};
        return {static_cast<double>(side.untraced->measured.count(name))};
      },
      format_count_of);
}

/// Counts of segments are known per socket; what they mean is how many come to a unit.
void add_per_unit(Comparison& comparison, const std::string& name, const std::string& unit) {
  comparison.add(
      fmt::format("{} per {}", spoken(name), unit),
      [&name](const VariantSummary& side) -> Figure {
        if (!side.untraced) return {};
        const Measurements& measured = side.untraced->measured;
        if (measured.units == 0 || !measured.has_count(name)) return {};
        return {static_cast<double>(measured.count(name)) / static_cast<double>(measured.units)};
      },
      format_per_round_trip);
}

}  // namespace

std::string unit_of(const Summary& summary) {
  for (const VariantSummary& side : summary.variants) {
    if (side.untraced && !side.untraced->measured.unit.empty()) return side.untraced->measured.unit;
  }
  return "round trip";
}

void add_measured(TableDraft& draft) {
  for (const std::string& name : names_of(draft.summary, &Measurements::times)) add_time(draft, name);
  const auto counts = names_of(draft.summary, &Measurements::counts);
  Comparison comparison(draft.summary.variants);
  const std::string unit = unit_of(draft.summary);
  add_rates(comparison, unit);
  for (const std::string& name : counts) add_count(comparison, name);
  for (const std::string& name : counts) {
    if (name.ends_with("segments") || name.ends_with("acks") || name.ends_with("packets"))
      add_per_unit(comparison, name, unit);
  }
  if (comparison.grid().empty()) return;
  draft.page.heading("COUNTS, untraced", "all runs together, as both ends and the kernel have them");
  draft.page.grid(comparison.grid());
}

void add_findings(TableDraft& draft) {
  for (const Finding& finding : findings_of(draft.summary)) {
    draft.page.warning(fmt::format("{}: {}", finding.variant.label, finding.detail));
  }
}

}  // namespace sockscope

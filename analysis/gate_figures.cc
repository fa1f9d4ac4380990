#include "analysis/gate_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace sockscope {
namespace {

constexpr std::string_view kTimeSuffix = "_ns";
constexpr std::string_view kUsualTime = "rtt_p50_ns";
constexpr std::string_view kTracedTime = "rtt_mean_ns";

std::string without_suffix(std::string_view time) {
  return std::string(time.substr(0, time.size() - kTimeSuffix.size()));
}

/// A figure of the round's run that was watched so.
std::optional<double> value_in_round(const VariantRuns& variant, unsigned round, Watched watched,
                                     std::string_view name) {
  for (const RunFigures& run : variant.runs) {
    if (run.round != round || run.watched != watched) continue;
    if (const auto value = run.value(name)) return value;
  }
  return std::nullopt;
}

/// The time that says how long the workload takes: its round trips, or else the first one that it has.
std::string main_time(const VariantRuns& variant) {
  std::string first;
  for (const RunFigures& run : variant.runs) {
    if (run.watched != Watched::kUntraced) continue;
    if (run.value(kUsualTime)) return std::string(kUsualTime);
    for (const auto& [name, value] : run.values) {
      if (first.empty() && name.ends_with(kTimeSuffix)) first = name;
    }
  }
  return first;
}

GateFigure& figure_named(std::vector<GateFigure>& figures, const std::string& name) {
  const auto found = std::ranges::find(figures, name, &GateFigure::name);
  if (found != figures.end()) return *found;
  figures.push_back({.name = name, .variant = {}, .runs = {}});
  return figures.back();
}

void add_counts(const VariantRuns& variant, std::vector<GateFigure>& figures) {
  for (const RunFigures& run : variant.runs) {
    for (const auto& [name, value] : run.values) {
      if (name.ends_with(kTimeSuffix)) continue;
      GateFigure& figure = figure_named(figures, fmt::format("{}.{}", variant.key, name));
      figure.variant = variant.key;
      figure.is_traced = run.watched == Watched::kTraced;
      figure.runs.push_back(value);
    }
  }
}

/// A time as a ratio within each round.
struct TimeRatio {
  std::string name;
  const VariantRuns* of;
  Watched of_watched;
  std::string of_time;
  const VariantRuns* to;
  std::string to_time;
};

void add_ratio(const TimeRatio& ratio, std::vector<GateFigure>& figures) {
  GateFigure figure{.name = ratio.name,
                    .variant = ratio.of->key,
                    .figure_class = FigureClass::kTime,
                    .is_traced = ratio.of_watched == Watched::kTraced,
                    .runs = {}};
  for (const RunFigures& run : ratio.of->runs) {
    const auto time = run.watched == ratio.of_watched ? run.value(ratio.of_time) : std::nullopt;
    const auto base = value_in_round(*ratio.to, run.round, Watched::kUntraced, ratio.to_time);
    if (!time || !base || *time <= 0 || *base <= 0) continue;
    figure.runs.push_back(*time);
    figure.bases.push_back(*base);
  }
  if (!figure.runs.empty()) figures.push_back(std::move(figure));
}

}  // namespace

std::string_view name_of(FigureClass figure_class) { return figure_class == FigureClass::kCount ? "count" : "time"; }

std::vector<GateFigure> gate_figures(std::span<const VariantRuns> variants) {
  const auto calibration = std::ranges::find(variants, kCalibrationVariant, &VariantRuns::key);
  std::vector<const VariantRuns*> measured;
  for (const VariantRuns& variant : variants) {
    if (variant.key != kCalibrationVariant) measured.push_back(&variant);
  }
  std::vector<GateFigure> figures;
  for (const VariantRuns* variant : measured) add_counts(*variant, figures);
  for (const VariantRuns* variant : measured) {
    const std::string time = main_time(*variant);
    if (time.empty()) continue;
    const std::string name = fmt::format("{}.{}", variant->key, without_suffix(time));
    if (calibration != variants.end()) {
      add_ratio({fmt::format("{}/{}", name, kCalibrationVariant), variant, Watched::kUntraced, time, &*calibration,
                 std::string(kUsualTime)},
                figures);
    }
    if (variant != measured.back()) {
      add_ratio(
          {fmt::format("{}/{}", name, measured.back()->key), variant, Watched::kUntraced, time, measured.back(), time},
          figures);
    }
    add_ratio({fmt::format("{}.rtt_mean.traced/untraced", variant->key), variant, Watched::kTraced,
               std::string(kTracedTime), variant, std::string(kTracedTime)},
              figures);
  }
  return figures;
}

void pool(std::vector<GateFigure>& figures, const std::vector<GateFigure>& more) {
  for (const GateFigure& one : more) {
    const auto same = std::ranges::find(figures, one.name, &GateFigure::name);
    if (same == figures.end()) {
      figures.push_back(one);
    } else {
      same->runs.insert(same->runs.end(), one.runs.begin(), one.runs.end());
      same->bases.insert(same->bases.end(), one.bases.begin(), one.bases.end());
    }
  }
}

const GateFigure* find_figure(std::span<const GateFigure> figures, std::string_view name) {
  const auto found = std::ranges::find(figures, name, &GateFigure::name);
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace sockscope

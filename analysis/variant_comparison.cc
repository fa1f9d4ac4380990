#include "analysis/variant_comparison.h"

#include <algorithm>

#include "analysis/outlier_pairs.h"
#include "analysis/summary.h"

namespace sockscope {
namespace {

constexpr std::string_view kStage = "stage.";

double mean_of(std::span<const RunPair> pairs, double RunPair::* side) {
  double sum = 0;
  for (const RunPair& pair : pairs) sum += pair.*side;
  return sum / static_cast<double>(pairs.size());
}

RunModes modes_of(const VariantSummary& summary, const ComparedFigure& figure) {
  std::vector<double> values;
  for (const RunFigures& run : summary.runs) {
    const auto value = run.value(figure.name);
    if (run.watched == figure.watched && value) values.push_back(*value);
  }
  return find_run_modes(values);
}

/// The round trips and their stages come from the same runs, so that their means add up as those of each run do.
Waterfall waterfall_of(const VariantSummary& a, const VariantSummary& b, const PairedRule& rule) {
  Waterfall waterfall;
  const auto round_trips = pairs_of(a, b, Watched::kTraced, "rtt_mean_ns");
  if (round_trips.empty()) return waterfall;
  waterfall.from_ns = mean_of(round_trips, &RunPair::a);
  waterfall.to_ns = mean_of(round_trips, &RunPair::b);
  for (const std::string& name : names_of_figures(a, Watched::kTraced)) {
    if (!name.starts_with(kStage)) continue;
    auto pairs = pairs_of(a, b, Watched::kTraced, name);
    if (pairs.size() != round_trips.size()) return {};
    for (RunPair& pair : pairs) std::swap(pair.a, pair.b);
    waterfall.steps.push_back({name, compare_pairs(pairs, rule).difference});
  }
  return waterfall;
}

}  // namespace

std::vector<std::string> names_of_figures(const VariantSummary& summary, Watched watched) {
  std::vector<std::string> names;
  for (const RunFigures& run : summary.runs) {
    if (run.watched != watched || run.values.size() <= names.size()) continue;
    names.clear();
    for (const auto& [name, value] : run.values) names.push_back(name);
  }
  return names;
}

const ComparedFigure* VariantComparison::find(Watched watched, std::string_view name) const {
  const auto found = std::ranges::find_if(
      figures, [&](const ComparedFigure& one) { return one.watched == watched && one.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

const ComparedFigure* VariantComparison::headline() const {
  const auto found = std::ranges::find(figures, Watched::kUntraced, &ComparedFigure::watched);
  return found == figures.end() ? nullptr : &*found;
}

std::vector<RunPair> pairs_of(const VariantSummary& a, const VariantSummary& b, Watched watched,
                              std::string_view name) {
  std::vector<RunPair> pairs;
  for (const RunFigures& one : a.runs) {
    const auto value = one.value(name);
    if (one.watched != watched || !value) continue;
    const auto other = std::ranges::find_if(
        b.runs, [&](const RunFigures& run) { return run.watched == watched && run.round == one.round; });
    if (other == b.runs.end()) continue;
    if (const auto others = other->value(name)) pairs.push_back({.a = *value, .b = *others, .round = one.round});
  }
  return pairs;
}

VariantComparison compare_variants(const VariantSummary& a, const VariantSummary& b, const PairedRule& rule) {
  // Counts have no slow mode, and the parts of a whole add up as means alone.
  PairedRule of_means = rule;
  of_means.centre = Centre::kMean;
  VariantComparison comparison{.rule = rule, .figures = {}, .waterfall = waterfall_of(a, b, of_means)};
  for (const Watched watched : kComparedWatched) {
    for (const std::string& name : names_of_figures(a, watched)) {
      const auto pairs = pairs_of(a, b, watched, name);
      if (pairs.empty()) continue;
      const PairedRule& fitting = is_time(name) ? rule : of_means;
      comparison.figures.push_back({name, watched, pairs.size(), compare_pairs(pairs, fitting)});
    }
  }
  if (const ComparedFigure* const headline = comparison.headline()) {
    for (const VariantSummary* side : {&a, &b}) comparison.modes.push_back(modes_of(*side, *headline));
    comparison.outliers = outlier_pairs(pairs_of(a, b, headline->watched, headline->name));
  }
  return comparison;
}

}  // namespace sockscope

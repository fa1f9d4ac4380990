#include "harness/gate_measurement.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/compare.h"
#include "harness/plan_words.h"

namespace sockscope {
namespace {

/// Laws whose failure says that events are missing or were not understood, and not only that a time is off.
bool bears_on_counts(const Law& law) { return law.concerns == Figures::kAllTraced || law.concerns == Figures::kCounts; }

std::vector<GateDoubt> doubts_of(const Summary& summary) {
  std::vector<GateDoubt> doubts;
  const DataQuality& quality = summary.data_quality;
  if (summary.mode == "untraced-only" && !summary.missing.empty()) {
    const Missing& first = summary.missing.front();
    doubts.push_back({"", fmt::format("not traced: {}; fix: {}", first.what, first.fix)});
  }
  if (quality.lost_events > 0) doubts.push_back({"", fmt::format("{} events were lost", quality.lost_events)});
  if (quality.undecoded_events > 0) {
    doubts.push_back({"", fmt::format("{} events could not be read", quality.undecoded_events)});
  }
  if (quality.truncated) doubts.push_back({"", "a recording ends within a record"});
  for (const Law& law : summary.laws) {
    if (law.holds || !bears_on_counts(law)) continue;
    doubts.push_back({law.variant, fmt::format("a law fails, {}: {}", law.name, law.detail)});
  }
  return doubts;
}

/// Round trips given up, of all that were begun: of a measurement, since a run has none or few.
void add_lost(const VariantSummary& variant, std::vector<GateFigure>& figures) {
  if (!variant.untraced) return;
  const auto lost = static_cast<double>(variant.untraced->lost);
  const double begun = lost + static_cast<double>(variant.untraced->rtt.count());
  if (begun == 0) return;
  figures.push_back({.name = variant.variant.key + ".lost", .variant = variant.variant.key, .runs = {lost / begun}});
}

double disturbed_part(const Summary& summary) {
  std::size_t rounds = 0;
  for (const VariantSummary& variant : summary.variants) {
    const auto runs = std::ranges::count(variant.runs, Watched::kUntraced, &RunFigures::watched);
    rounds = std::max(rounds, static_cast<std::size_t>(runs));
  }
  const auto kept = std::ranges::count_if(summary.disturbed, [](const DisturbedPair& pair) {
    return pair.watched == Watched::kUntraced && !pair.is_repeated;
  });
  return rounds == 0 ? 0 : static_cast<double>(kept) / static_cast<double>(rounds);
}

}  // namespace

GateMeasurement gate_measurement(const Summary& summary) {
  GateMeasurement measurement{.figures = {},
                              .doubts = doubts_of(summary),
                              .variants = {},
                              .environment = summary.environment,
                              .title = summary.title,
                              .disturbed = disturbed_part(summary)};
  for (const VariantSummary& variant : summary.variants) {
    measurement.variants.push_back({variant.variant.key, variant.runs});
  }
  if (summary.calibration) {
    measurement.variants.push_back({std::string(kCalibrationVariant), summary.calibration->runs});
  }
  for (const VariantSummary& variant : summary.variants) add_lost(variant, measurement.figures);
  pool(measurement.figures, gate_figures(measurement.variants));
  drop_doubtful(measurement.figures, measurement.doubts);
  return measurement;
}

Result<GateMeasurement> measure_for_gate(const std::vector<std::string>& plan, const std::filesystem::path& keep,
                                         const Interrupt& interrupt) {
  auto options = parse_plan(plan);
  if (!options) return pass_on(options);
  if (options->measure.sweep) {
    return fail(ErrorKind::kUsage, "one --{} makes a baseline: each of a list needs one of its own",
                name_of(options->measure.sweep->by));
  }
  options->keep = keep;
  options->calibrate = true;
  const auto summary = compare_once(*options, interrupt);
  if (!summary) return std::unexpected(summary.error());
  if (summary->interrupted) return fail(ErrorKind::kInterrupted, "interrupted before the measurement was finished");
  return gate_measurement(*summary);
}

}  // namespace sockscope

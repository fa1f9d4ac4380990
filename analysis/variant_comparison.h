#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/paired_comparison.h"
#include "analysis/run_figures.h"
#include "analysis/run_modes.h"

namespace sockscope {

struct VariantSummary;

/// One figure of both variants, over all pairs of runs that have it.
struct ComparedFigure {
  std::string name;  ///< As RunFigures::values.
  Watched watched = Watched::kUntraced;
  std::size_t pairs = 0;
  PairedComparison result;
};

/// What a stage adds on the way from A's mean round trip to B's: b - a, the mean over the pairs of traced runs.
struct WaterfallStep {
  std::string name;  ///< "stage.request.send_ns"
  Estimate difference_ns;
};

/// The difference of the mean round trips of the traced runs, taken apart: from_ns plus all steps is to_ns.
struct Waterfall {
  double from_ns = 0;
  double to_ns = 0;
  std::vector<WaterfallStep> steps;  ///< In path order; empty without stages of both variants.
};

struct VariantComparison {
  PairedRule rule;
  std::vector<ComparedFigure> figures;  ///< Untraced, counted, traced; each in the order of its runs' values.
  Waterfall waterfall;
  /// Of the headline's runs, A's and B's: whether the machine was in one mode or in two. Empty without a headline.
  std::vector<RunModes> modes;
  std::vector<RunPair> outliers;  ///< Of the headline's pairs; they are in all figures.

  /// The figure that the verdict is about: the median round trip of untraced runs, or whatever else comes first of
  /// theirs. Null without a figure of untraced runs.
  [[nodiscard]] const ComparedFigure* headline() const;
  [[nodiscard]] const ComparedFigure* find(Watched watched, std::string_view name) const;
};

/// What runs are compared by how they were watched, in the order of the reports.
inline constexpr std::array kComparedWatched{Watched::kUntraced, Watched::kCounted, Watched::kTraced};

/// The figures of a variant's runs that were watched so, in the order of the run that has the most.
std::vector<std::string> names_of_figures(const VariantSummary& summary, Watched watched);

/// The pairs of runs, by round, in which both variants have the figure.
std::vector<RunPair> pairs_of(const VariantSummary& a, const VariantSummary& b, Watched watched, std::string_view name);

VariantComparison compare_variants(const VariantSummary& a, const VariantSummary& b, const PairedRule& rule);

}  // namespace sockscope

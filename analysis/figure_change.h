#pragma once

#include <optional>
#include <span>

#include "analysis/gate_figures.h"
#include "analysis/paired_comparison.h"

namespace sockscope {

/// The middle of some runs; 0 of none.
double median_of(std::span<const double> runs);

/// What stands for a figure: the median of a count's runs, of a time the ratio that compare_pairs() finds.
double value_of(const GateFigure& figure);

/// How many times larger a time's ratio is now than before, with its 95 % interval. The two have no rounds in common:
/// each has the interval of its own rounds, and ratio_of() what is between them. Without one where either has too few
/// rounds for an interval; nothing where either has none.
std::optional<Estimate> change_between(const GateFigure& before, const GateFigure& now);

}  // namespace sockscope

#pragma once

#include <span>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// As compare_pairs(), of runs that were not made side by side, on another day or another machine: whatever else was
/// different then is in the difference, too. Times stand for by their fast runs, counts by their mean. There is no
/// interval where either has fewer than eight runs, and never a number of runs that would tell.
PairedComparison compare_unpaired(std::span<const double> a, std::span<const double> b, const PairedRule& rule);

}  // namespace sockscope

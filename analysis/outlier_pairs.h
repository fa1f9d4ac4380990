#pragma once

#include <span>
#include <vector>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// The pairs whose ratio lies further outside of the quartiles of all than three times what lies between these
/// ("far out": Tukey, Exploratory Data Analysis, 1977), on a logarithmic scale. They are shown, and stay in every
/// figure: what makes one is a run in another mode as often as a disturbance. None of fewer than eight pairs, and none
/// if not all values are above 0.
std::vector<RunPair> outlier_pairs(std::span<const RunPair> pairs);

}  // namespace sockscope

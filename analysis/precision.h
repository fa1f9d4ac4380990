#pragma once

#include <cstddef>
#include <optional>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// How far the interval of the ratio reaches to either side, as a share of the ratio: 0.02 is "within 2 %". Absent
/// without an interval.
std::optional<double> half_width(const PairedComparison& comparison);

/// How many pairs in all are expected to bring the half-width of `pairs` pairs down to the wanted one: it narrows with
/// their square root. At least `pairs`; absent without an interval, or if not even 10,000 would do.
std::optional<std::size_t> pairs_for_width(const PairedComparison& comparison, std::size_t pairs, double wanted);

/// When measuring until an interval is narrow may look at it: after 20 pairs, and then whenever there are a quarter
/// more (20, 25, 31, 38, ...). Who looks after every pair stops where the interval happens to be narrow, which is where
/// it misses more often than it claims (docs/statistics.md).
bool may_stop_after(std::size_t pairs);

}  // namespace sockscope

#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// How many times larger a figure is in the runs of now than in those of before, which are no pairs of theirs: the
/// middle of all ratios of a run of now to one of before (Hodges and Lehmann), with the interval that belongs to it.
/// The interval holds for whatever distribution the runs have, two modes included, and needs no resampling. It is
/// absent where the runs are too few for one: four against four suffice, three against three do not. No value where a
/// run of before is 0 or there are no runs.
std::optional<Estimate> ratio_of_samples(std::span<const double> before, std::span<const double> now);

/// Which of the sorted ratios of `n` and `m` runs, counted from 1 at either end, bounds the 95 % interval: one more
/// than Mann and Whitney's critical value. Absent if not even the outermost does.
std::optional<std::size_t> interval_rank(std::size_t n, std::size_t m);

/// The middle of a figure's runs; 0 of none.
double middle_of(std::span<const double> runs);

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <span>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// What stands for the runs as a whole. The median keeps to the mode that most pairs share; means alone add up, over
/// the stages of a round trip as over anything else. docs/statistics.md compares them.
enum class Centre { kMedian, kMean };

/// From fewer runs no interval is given: the median lies outside of *all* n of them once in 2^(n - 1), which for four
/// is 12.5 % of the time.
inline constexpr std::size_t kFewestForInterval = 5;

double centre_of(std::span<const double> values, Centre centre);

/// The centre with its 95 % interval, bias-corrected and accelerated (BCa: Efron 1987), from resampling whole runs.
/// Values have to be finite; equal values and seeds give equal results on every machine.
Estimate bootstrap(std::span<const double> values, Centre centre, std::uint64_t seed);

}  // namespace sockscope

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/paired_comparison.h"

namespace sockscope {

/// From fewer no interval is given: it would miss more often than once in twenty times (docs/statistics.md).
inline constexpr std::size_t kFewestForInterval = 8;

/// How often each value of a sample was drawn.
using TimesDrawn = std::span<const std::uint16_t>;

/// What of a sample is estimated, as a function of a resample.
using Statistic = std::function<double(TimesDrawn)>;

/// Resamples of `count` values, from which the 95 % intervals of any statistics of them come: bias-corrected and
/// accelerated (BCa: Efron 1987), and expanded for small samples by Student's t (Hesterberg 2015). Equal arguments give
/// equal results on every machine.
class Resamples {
 public:
  /// `count` is at most 65,535.
  Resamples(std::size_t count, std::uint64_t seed);

  /// The statistic of the sample itself, and its interval.
  Estimate estimate(const Statistic& statistic) const;

 private:
  TimesDrawn resample(std::size_t index) const { return TimesDrawn(times_drawn_).subspan(index * count_, count_); }
  std::vector<double> in_each(const Statistic& statistic) const;

  std::size_t count_;
  std::vector<std::uint16_t> times_drawn_;
};

}  // namespace sockscope

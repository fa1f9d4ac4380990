#pragma once

#include "analysis/paired_comparison.h"

namespace sockscope {

/// An interval around a centre, and the half-width of what is no difference, all on a scale on which 0 is equality: how
/// a comparison comes to its verdict.
struct Judged {
  double centre = 0;
  Interval interval;
  double no_difference = 0;

  /// Of a comparison whose difference and ratio have their intervals: by the ratio where it has one. Nothing without
  /// that of the difference.
  static std::optional<Judged> of(const PairedComparison& comparison, double smallest_effect);

  [[nodiscard]] Verdict verdict() const;

  /// An interval as narrow tells for sure: from the centre it reaches neither to 0, nor out of what is no difference.
  [[nodiscard]] double narrow_enough() const;
};

/// Where the ratio tells two variants apart, the difference has to show the same.
Verdict verdict_of(const PairedComparison& comparison, const Judged& judged);

}  // namespace sockscope

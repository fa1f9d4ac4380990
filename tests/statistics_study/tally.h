#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "analysis/paired_comparison.h"
#include "analysis/precision.h"

namespace sockscope::test {

/// Makes as many pairs as it is asked for.
using PairSource = std::function<std::vector<RunPair>(std::size_t pairs)>;

/// What a rule says of many comparisons of which the truth is known.
class Tally {
 public:
  void add(const PairedComparison& comparison, double true_ratio) {
    ++comparisons_;
    if (comparison.verdict == Verdict::kNoDifference) ++no_difference_;
    if (comparison.verdict == Verdict::kCannotTell) ++cannot_tell_;
    if (comparison.verdict == (true_ratio > 1 ? Verdict::kBLower : Verdict::kALower)) ++told_;
    if (!comparison.ratio.ci95) return;
    if (comparison.ratio.ci95->contains(true_ratio)) ++covered_;
    half_widths_.push_back(*half_width(comparison));
  }

  std::size_t no_difference() const { return no_difference_; }
  std::size_t cannot_tell() const { return cannot_tell_; }
  std::size_t told() const { return told_; }  ///< The truth, if there is a difference.
  std::size_t covered() const { return covered_; }
  std::size_t one_of_the_two() const { return comparisons_ - no_difference_ - cannot_tell_; }

  double percent(std::size_t count) const {
    return 100 * static_cast<double>(count) / static_cast<double>(comparisons_);
  }

  double median_half_width() const {
    if (half_widths_.empty()) return NAN;
    std::vector<double> widths = half_widths_;
    const auto middle = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2);
    std::ranges::nth_element(widths, middle);
    return *middle;
  }

 private:
  std::size_t comparisons_ = 0;
  std::size_t no_difference_ = 0;
  std::size_t cannot_tell_ = 0;
  std::size_t told_ = 0;
  std::size_t covered_ = 0;
  std::vector<double> half_widths_;
};

inline Tally tally_of(std::size_t comparisons, std::size_t pairs, const PairSource& source, double true_ratio,
                      const PairedRule& rule = {}) {
  Tally tally;
  for (std::size_t comparison = 0; comparison < comparisons; ++comparison) {
    tally.add(compare_pairs(source(pairs), rule), true_ratio);
  }
  return tally;
}

}  // namespace sockscope::test

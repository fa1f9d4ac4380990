#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace sockscope {

/// A figure of two runs that were made one right after the other: one of variant A, one of variant B. The run is the
/// unit of comparison: messages of one run share its mode, so that tests over messages cry wolf on identical code.
struct RunPair {
  double a = 0;
  double b = 0;
  unsigned round = 0;  ///< Which one it was, where that is known.
};

struct Interval {
  double low = 0;
  double high = 0;

  [[nodiscard]] double width() const { return high - low; }
  [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
};

/// A number with its 95 % confidence interval; absent if there are too few pairs for one.
struct Estimate {
  double value = 0;
  std::optional<Interval> ci95;
};

enum class Verdict {
  kALower,        ///< The ratio lies below 1 by more than the smallest effect, and its whole interval below 1.
  kBLower,        ///< Above, likewise.
  kNoDifference,  ///< The whole interval of the ratio lies within the smallest effect of 1.
  kCannotTell,    ///< None of these: more pairs are needed.
};

struct PairedComparison {
  double a = 0;         ///< What stands for A's runs, in the figure's unit,
  double b = 0;         ///< and of B's.
  Estimate difference;  ///< a - b
  Estimate ratio;       ///< a / b; 0 without an interval where b is 0.
  Verdict verdict = Verdict::kCannotTell;
  /// kCannotTell only: how many more pairs would be expected to tell. Absent if not even thousands would.
  std::optional<std::size_t> more_pairs;
};

/// What stands for a variant's runs.
enum class Centre {
  /// For times: whichever of two is known more narrowly, the run that a fifth of a variant's are faster than, or the
  /// median over the pairs. Both stand a slow mode that depends on the machine alone: the first if it changes from run
  /// to run, the second if neighbours share it. docs/statistics.md compares them with others.
  kRobust,
  kMean,  ///< For counts, and for parts that have to add up to their whole; of times it takes many more pairs.
};

inline constexpr double kFastShare = 0.2;

struct PairedRule {
  double smallest_effect = 0.02;  ///< A ratio from 1 / (1 + this) to 1 + this is no difference.
  std::uint64_t seed = 1;         ///< Of the resampling: equal pairs give equal results.
  Centre centre = Centre::kRobust;
};

/// Difference and ratio of what stands for A and for B, each with the interval of resampled pairs. Verdicts never
/// contradict the interval of either; there is none from fewer than eight pairs.
///
/// Pairs with a value that is not finite are left out. If not all values are above 0 the ratio has no interval and the
/// difference is judged: none is what lies within the smallest effect times the larger of the two.
PairedComparison compare_pairs(std::span<const RunPair> pairs, const PairedRule& rule);

}  // namespace sockscope

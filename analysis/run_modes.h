#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace sockscope {

struct RunMode {
  double centre = 0;  ///< The median of its runs.
  std::size_t runs = 0;
};

/// On some machines a run is fast or slow for its whole length, with nothing between the two.
struct RunModes {
  RunMode fast;  ///< All runs, if there is one mode only.
  std::optional<RunMode> slow;
  std::vector<bool> is_slow;  ///< Of each run, in the order given.
};

/// Splits runs at the widest gap between neighbours in ascending order, on a logarithmic scale, among those that leave
/// at least a tenth of the runs, and two, on either side. These are two modes if the gap is a twentieth of the time or
/// more, and three times as wide as runs scatter within the parts (their pooled standard deviation). From fewer than
/// ten runs, or if not all are above 0, there is one mode.
///
/// The rule is our own; docs/statistics.md has how often it is wrong.
RunModes find_run_modes(std::span<const double> runs);

}  // namespace sockscope

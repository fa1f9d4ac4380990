#include "analysis/run_modes.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace sockscope {
namespace {

constexpr std::size_t kFewestRuns = 10;
constexpr double kWideGap = 1.05;
constexpr double kGapOverScatter = 3;

double median_of_sorted(std::span<const double> ascending) {
  const std::size_t middle = ascending.size() / 2;
  return ascending.size() % 2 == 1 ? ascending[middle] : std::midpoint(ascending[middle - 1], ascending[middle]);
}

RunMode mode_of_sorted(std::span<const double> ascending) {
  return {.centre = median_of_sorted(ascending), .runs = ascending.size()};
}

double squared_deviations(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  return std::transform_reduce(values.begin(), values.end(), 0.0, std::plus<>(),
                               [mean](double value) { return (value - mean) * (value - mean); });
}

/// How many of the runs are fast; all of them, if there is one mode.
std::size_t number_of_fast(std::span<const double> logs) {
  const std::size_t fewest = std::max<std::size_t>(2, (logs.size() + 9) / 10);
  std::size_t fast = fewest;
  const auto gap_after = [logs](std::size_t count) { return logs[count] - logs[count - 1]; };
  for (std::size_t count = fewest; count <= logs.size() - fewest; ++count) {
    if (gap_after(count) > gap_after(fast)) fast = count;
  }
  const double squares = squared_deviations(logs.first(fast)) + squared_deviations(logs.subspan(fast));
  const double scatter = std::sqrt(squares / static_cast<double>(logs.size() - 2));
  const double gap = gap_after(fast);
  return gap >= std::log(kWideGap) && gap >= kGapOverScatter * scatter ? fast : logs.size();
}

bool can_be_split(std::span<const double> runs) {
  return runs.size() >= kFewestRuns &&
         std::ranges::all_of(runs, [](double run) { return std::isfinite(run) && run > 0; });
}

}  // namespace

RunModes find_run_modes(std::span<const double> runs) {
  RunModes modes;
  modes.is_slow.resize(runs.size());
  if (runs.empty()) return modes;

  std::vector<double> ascending(runs.begin(), runs.end());
  std::ranges::sort(ascending);
  std::size_t fast = ascending.size();
  if (can_be_split(runs)) {
    std::vector<double> logs(ascending.size());
    std::ranges::transform(ascending, logs.begin(), [](double run) { return std::log(run); });
    fast = number_of_fast(logs);
  }
  modes.fast = mode_of_sorted(std::span(ascending).first(fast));
  if (fast == ascending.size()) return modes;
  modes.slow = mode_of_sorted(std::span(ascending).subspan(fast));
  for (std::size_t run = 0; run < runs.size(); ++run) modes.is_slow[run] = runs[run] >= ascending[fast];
  return modes;
}

}  // namespace sockscope

#include "analysis/figure_change.h"

#include <algorithm>
#include <vector>

#include "analysis/independent_estimates.h"

namespace sockscope {
namespace {

/// The rounds as pairs, of which compare_pairs() has the ratio with its interval.
Estimate ratio_in(const GateFigure& time) {
  std::vector<RunPair> pairs;
  pairs.reserve(time.runs.size());
  for (std::size_t i = 0; i < std::min(time.runs.size(), time.bases.size()); ++i) {
    pairs.push_back({.a = time.runs[i], .b = time.bases[i]});
  }
  return compare_pairs(pairs, {}).ratio;
}

}  // namespace

double median_of(std::span<const double> runs) {
  if (runs.empty()) return 0;
  std::vector<double> sorted(runs.begin(), runs.end());
  std::ranges::sort(sorted);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double value_of(const GateFigure& figure) {
  return figure.figure_class == FigureClass::kCount ? median_of(figure.runs) : ratio_in(figure).value;
}

std::optional<Estimate> change_between(const GateFigure& before, const GateFigure& now) {
  const Estimate then = ratio_in(before);
  const Estimate today = ratio_in(now);
  if (then.value <= 0 || today.value <= 0) return std::nullopt;
  return ratio_of(today, then);
}

}  // namespace sockscope

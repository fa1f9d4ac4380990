#include "analysis/figure_change.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sockscope {
namespace {

/// The rounds as pairs, of which compare_pairs() has the ratio with its interval.
Estimate ratio_of(const GateFigure& time) {
  std::vector<RunPair> pairs;
  pairs.reserve(time.runs.size());
  for (std::size_t i = 0; i < std::min(time.runs.size(), time.bases.size()); ++i) {
    pairs.push_back({.a = time.runs[i], .b = time.bases[i]});
  }
  return compare_pairs(pairs, {}).ratio;
}

/// Two estimates that are independent of each other, on a scale on which they are subtracted.
Interval difference_of(const Estimate& now, const Estimate& before) {
  const double difference = std::log(now.value) - std::log(before.value);
  const double down = std::hypot(std::log(now.value / now.ci95->low), std::log(before.ci95->high / before.value));
  const double up = std::hypot(std::log(now.ci95->high / now.value), std::log(before.value / before.ci95->low));
  return {.low = difference - down, .high = difference + up};
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
  return figure.figure_class == FigureClass::kCount ? median_of(figure.runs) : ratio_of(figure).value;
}

std::optional<Estimate> change_between(const GateFigure& before, const GateFigure& now) {
  const Estimate then = ratio_of(before);
  const Estimate today = ratio_of(now);
  if (then.value <= 0 || today.value <= 0) return std::nullopt;
  Estimate change{.value = today.value / then.value, .ci95 = std::nullopt};
  if (!then.ci95 || !today.ci95) return change;
  const Interval difference = difference_of(today, then);
  change.ci95 = {.low = std::exp(difference.low), .high = std::exp(difference.high)};
  return change;
}

}  // namespace sockscope

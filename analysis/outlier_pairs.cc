#include "analysis/outlier_pairs.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include "analysis/bootstrap.h"
#include "analysis/run_values.h"

namespace sockscope {
namespace {

double log_ratio(const RunPair& pair) { return std::log(pair.a / pair.b); }

/// What is not far out.
Interval fences(std::span<const RunPair> pairs) {
  constexpr double far_out = 3;
  std::vector<double> ratios(pairs.size());
  std::ranges::transform(pairs, ratios.begin(), log_ratio);
  const std::vector<std::uint16_t> once_each(pairs.size(), 1);
  const RunValues values(std::move(ratios));
  const double first = values.quantile(0.25, once_each);
  const double third = values.quantile(0.75, once_each);
  return {.low = first - far_out * (third - first), .high = third + far_out * (third - first)};
}

}  // namespace

std::vector<RunPair> outlier_pairs(std::span<const RunPair> pairs) {
  const bool have_ratios = std::ranges::all_of(pairs, [](const RunPair& pair) { return pair.a > 0 && pair.b > 0; });
  if (pairs.size() < kFewestForInterval || !have_ratios) return {};
  const Interval usual = fences(pairs);
  std::vector<RunPair> outliers;
  std::ranges::copy_if(pairs, std::back_inserter(outliers),
                       [&usual](const RunPair& pair) { return !usual.contains(log_ratio(pair)); });
  return outliers;
}

}  // namespace sockscope

#include "analysis/precision.h"

#include <algorithm>
#include <cmath>

namespace sockscope {
namespace {

constexpr std::size_t kFirstLook = 20;
constexpr double kMostPairs = 10'000;

}  // namespace

std::optional<double> half_width(const PairedComparison& comparison) {
  if (!comparison.ratio.ci95) return std::nullopt;
  return std::sqrt(comparison.ratio.ci95->high / comparison.ratio.ci95->low) - 1;
}

std::optional<std::size_t> pairs_for_width(const PairedComparison& comparison, std::size_t pairs, double wanted) {
  const std::optional<double> present = half_width(comparison);
  if (!present) return std::nullopt;
  const double needed = std::ceil(static_cast<double>(pairs) * std::pow(std::log1p(*present) / std::log1p(wanted), 2));
  if (!(needed <= kMostPairs)) return std::nullopt;
  return std::max(static_cast<std::size_t>(needed), pairs);
}

bool may_stop_after(std::size_t pairs) {
  std::size_t look = kFirstLook;
  while (look < pairs) look += look / 4;
  return look == pairs;
}

}  // namespace sockscope

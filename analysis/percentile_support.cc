#include "analysis/percentile_support.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace sockscope {
namespace {

constexpr double kOutside = 0.05;

}  // namespace

std::size_t fewest_samples_for(double quantile) {
  const double rarer_side = std::max(quantile, 1 - quantile);
  return static_cast<std::size_t>(std::ceil(std::log(kOutside) / std::log(rarer_side)));
}

bool supports_quantile(std::size_t samples, double quantile) { return samples >= fewest_samples_for(quantile); }

std::optional<Ranks> ranks_around(std::size_t samples, double quantile) {
  if (samples == 0) return std::nullopt;
  // How many of the samples lie below the quantile.
  const boost::math::binomial below(static_cast<double>(samples), quantile);
  auto low = static_cast<std::size_t>(boost::math::quantile(below, kOutside / 2));
  while (low > 0 && cdf(below, static_cast<double>(low - 1)) > kOutside / 2) --low;
  auto high = static_cast<std::size_t>(boost::math::quantile(complement(below, kOutside / 2))) + 1;
  while (high <= samples && cdf(complement(below, static_cast<double>(high - 1))) > kOutside / 2) ++high;
  if (low < 1 || high > samples) return std::nullopt;
  return Ranks{.low = low, .high = high};
}

}  // namespace sockscope

#include "analysis/percentile_support.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace sockscope {
namespace {

constexpr double kOutside = 0.05;

// The smallest number that at most so many stay below, and not the one before it as by default.
using Upwards =
    boost::math::policies::policy<boost::math::policies::discrete_quantile<boost::math::policies::integer_round_up>>;
using Binomial = boost::math::binomial_distribution<double, Upwards>;

}  // namespace

std::size_t fewest_samples_for(double quantile) {
  const double rarer_side = std::max(quantile, 1 - quantile);
  return static_cast<std::size_t>(std::ceil(std::log(kOutside) / std::log(rarer_side)));
}

bool supports_quantile(std::size_t samples, double quantile) { return samples >= fewest_samples_for(quantile); }

std::optional<Ranks> ranks_around(std::size_t samples, double quantile) {
  if (samples == 0) return std::nullopt;
  // Of how many of the samples lie below the quantile, the two-sided 95 %.
  const Binomial below(static_cast<double>(samples), quantile);
  const auto low = static_cast<std::size_t>(boost::math::quantile(below, kOutside / 2));
  const auto high = static_cast<std::size_t>(boost::math::quantile(complement(below, kOutside / 2))) + 1;
  if (low < 1 || high > samples) return std::nullopt;
  return Ranks{.low = low, .high = high};
}

}  // namespace sockscope

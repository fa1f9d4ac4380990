#include "analysis/bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace sockscope {
namespace {

// The smaller the sample, the farther out in the tail of the resamples an interval may end, and the less they cost. The
// ends then differ from seed to seed by some 3 % of the interval's width.
std::size_t number_of_resamples(std::size_t count) { return std::clamp<std::size_t>(40'000 / count, 1000, 4000); }

constexpr double kOutsideOnEachSide = 0.025;

/// How the interval leans to the side on which single values weigh more: from the statistic without each of them in
/// turn.
double acceleration(std::size_t count, const Statistic& statistic) {
  std::vector<std::uint16_t> all_but_one(count, 1);
  std::vector<double> without(count);
  for (std::size_t index = 0; index < count; ++index) {
    all_but_one[index] = 0;
    without[index] = statistic(all_but_one);
    all_but_one[index] = 1;
  }
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / static_cast<double>(count);
  double squares = 0;
  double cubes = 0;
  for (const double value : without) {
    const double deviation = mean - value;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// How far the resamples lie to one side of what was measured. Those that equal it count half to either side: a
/// quantile has few values to take.
double bias(const std::vector<double>& ascending, double measured) {
  const auto [first, last] = std::ranges::equal_range(ascending, measured);
  const auto below = static_cast<double>(first - ascending.begin());
  const auto equal = static_cast<double>(last - first);
  const auto count = static_cast<double>(ascending.size());
  return quantile(boost::math::normal{}, std::clamp((below + equal / 2) / count, 0.5 / count, 1 - 0.5 / count));
}

/// Of a normal distribution, how many standard errors of resampled means hold 95 %. Resamples of n values scatter by
/// sqrt((n - 1) / n) too little, and how much they scatter is itself known from n values only.
double standard_errors(std::size_t count) {
  const auto n = static_cast<double>(count);
  return quantile(complement(boost::math::students_t(n - 1), kOutsideOnEachSide)) * std::sqrt(n / (n - 1));
}

double at_share(const std::vector<double>& ascending, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(ascending.size())));
  return ascending[std::clamp<std::size_t>(rank, 1, ascending.size()) - 1];
}

}  // namespace

// An index is the high half of (32 random bits x count): the standard library's own distributions differ from one
// library to another.
Resamples::Resamples(std::size_t count, std::uint64_t seed) : count_(count) {
  if (count < kFewestForInterval) return;
  std::mt19937_64 random(seed);
  times_drawn_.resize(number_of_resamples(count) * count);
  for (std::size_t first = 0; first < times_drawn_.size(); first += count) {
    for (std::size_t drawn = 0; drawn < count; drawn += 2) {
      const std::uint64_t bits = random();
      ++times_drawn_[first + (((bits & 0xffff'ffff) * count) >> 32)];
      if (drawn + 1 < count) ++times_drawn_[first + (((bits >> 32) * count) >> 32)];
    }
  }
}

std::vector<double> Resamples::in_each(const Statistic& statistic) const {
  std::vector<double> ascending(times_drawn_.size() / count_);
  for (std::size_t index = 0; index < ascending.size(); ++index) ascending[index] = statistic(resample(index));
  std::ranges::sort(ascending);
  return ascending;
}

Estimate Resamples::estimate(const Statistic& statistic) const {
  Estimate estimate;
  if (count_ == 0) return estimate;
  estimate.value = statistic(std::vector<std::uint16_t>(count_, 1));
  if (count_ < kFewestForInterval) return estimate;

  const std::vector<double> ascending = in_each(statistic);
  const double shift = bias(ascending, estimate.value);
  const double lean = acceleration(count_, statistic);
  const auto end = [&](double errors) {
    const double moved = shift + errors;
    // So strong a lean that the formula has passed its pole: everything on that side belongs to the interval.
    if (lean * moved >= 1) return errors < 0 ? ascending.front() : ascending.back();
    return at_share(ascending, cdf(boost::math::normal{}, shift + moved / (1 - lean * moved)));
  };
  const double errors = standard_errors(count_);
  estimate.ci95 = Interval{.low = end(-errors), .high = end(errors)};
  return estimate;
}

}  // namespace sockscope

#include "analysis/bootstrap.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace sockscope {
namespace {

// As many as Chromium's ratio_bootstrap_estimator.h: the ends of an interval then differ from seed to seed by a tenth
// of its width.
constexpr std::size_t kResamples = 2000;
constexpr double kOutsideOnEachSide = 0.025;

/// Values in ascending order, and how often each of them was drawn: a sample without copying it.
class Resample {
 public:
  explicit Resample(std::span<const double> values) : values_(values.begin(), values.end()), drawn_(values.size(), 1) {
    std::ranges::sort(values_);
  }

  std::size_t size() const { return values_.size(); }

  void draw(std::mt19937_64& random) {
    std::ranges::fill(drawn_, 0U);
    // A draw is the high half of (32 random bits x n): the standard library's distributions differ from one to another.
    for (std::size_t left = size(); left > 0;) {
      const std::uint64_t bits = random();
      ++drawn_[((bits & 0xffff'ffff) * size()) >> 32];
      if (--left == 0) break;
      ++drawn_[((bits >> 32) * size()) >> 32];
      --left;
    }
  }

  double centre(Centre kind) const { return kind == Centre::kMean ? mean() : median(); }

  /// The centre without one of the values, as the jackknife has it.
  double centre_without(std::size_t index, Centre kind) {
    --drawn_[index];
    const double centre_of_the_others = centre(kind);
    ++drawn_[index];
    return centre_of_the_others;
  }

 private:
  std::uint64_t drawn() const { return std::reduce(drawn_.begin(), drawn_.end(), std::uint64_t{0}); }

  double mean() const {
    return std::inner_product(values_.begin(), values_.end(), drawn_.begin(), 0.0) / static_cast<double>(drawn());
  }

  double median() const {
    const std::uint64_t count = drawn();
    std::size_t index = 0;
    std::uint64_t up_to_here = drawn_[0];
    while (2 * up_to_here < count) up_to_here += drawn_[++index];
    if (2 * up_to_here > count) return values_[index];
    std::size_t next = index + 1;
    while (drawn_[next] == 0) ++next;
    return std::midpoint(values_[index], values_[next]);
  }

  std::vector<double> values_;
  std::vector<std::uint32_t> drawn_;
};

/// How the interval's ends lean to the side on which a single value weighs more.
double acceleration(Resample& sample, Centre kind) {
  std::vector<double> without;
  for (std::size_t index = 0; index < sample.size(); ++index) without.push_back(sample.centre_without(index, kind));
  const double mean = std::reduce(without.begin(), without.end()) / static_cast<double>(without.size());
  double squares = 0;
  double cubes = 0;
  for (const double value : without) {
    squares += (mean - value) * (mean - value);
    cubes += (mean - value) * (mean - value) * (mean - value);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// How far the resamples' centres lie to one side of the sample's own. Those that equal it count half to either side,
/// for a median has few values to take.
double bias(const std::vector<double>& ascending, double centre) {
  const auto [first, last] = std::ranges::equal_range(ascending, centre);
  const auto below = static_cast<double>(first - ascending.begin());
  const auto equal = static_cast<double>(last - first);
  const auto count = static_cast<double>(ascending.size());
  return quantile(boost::math::normal{}, std::clamp((below + equal / 2) / count, 0.5 / count, 1 - 0.5 / count));
}

double at_share(const std::vector<double>& ascending, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(ascending.size())));
  return ascending[std::clamp<std::size_t>(rank, 1, ascending.size()) - 1];
}

}  // namespace

double centre_of(std::span<const double> values, Centre centre) {
  return values.empty() ? 0 : Resample(values).centre(centre);
}

Estimate bootstrap(std::span<const double> values, Centre centre, std::uint64_t seed) {
  if (values.size() < kFewestForInterval) return {.value = centre_of(values, centre), .ci95 = {}};
  Resample sample(values);
  const double value = sample.centre(centre);
  const double lean = acceleration(sample, centre);

  std::mt19937_64 random(seed);
  std::vector<double> centres(kResamples);
  std::ranges::generate(centres, [&] {
    sample.draw(random);
    return sample.centre(centre);
  });
  std::ranges::sort(centres);

  const boost::math::normal normal;
  const double shift = bias(centres, value);
  const auto end_of = [&](double side) {
    const double moved = shift + quantile(normal, side);
    return at_share(centres, cdf(normal, shift + moved / (1 - lean * moved)));
  };
  return {.value = value, .ci95 = Interval{.low = end_of(kOutsideOnEachSide), .high = end_of(1 - kOutsideOnEachSide)}};
}

}  // namespace sockscope

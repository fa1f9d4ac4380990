#include "analysis/run_values.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ranges>
#include <utility>

namespace sockscope {
namespace {

double number_of(TimesDrawn times_drawn) {
  return static_cast<double>(std::accumulate(times_drawn.begin(), times_drawn.end(), std::uint64_t{0}));
}

}  // namespace

RunValues::RunValues(std::vector<double> values) : values_(std::move(values)), ascending_(values_.size()) {
  std::ranges::copy(std::views::iota(std::size_t{0}, values_.size()), ascending_.begin());
  std::ranges::sort(ascending_, {}, [this](std::size_t index) { return values_[index]; });
}

double RunValues::mean(TimesDrawn times_drawn) const {
  return std::inner_product(values_.begin(), values_.end(), times_drawn.begin(), 0.0) / number_of(times_drawn);
}

double RunValues::quantile(double share, TimesDrawn times_drawn) const {
  const double place = share * (number_of(times_drawn) - 1);
  const double below = std::floor(place);
  auto index = ascending_.begin();
  double up_to_here = times_drawn[*index];
  while (up_to_here <= below) up_to_here += times_drawn[*++index];
  const double value = values_[*index];
  // Whether the next place in line is the same value, drawn again.
  if (place == below || up_to_here > below + 1) return value;
  do ++index;
  while (times_drawn[*index] == 0);
  return value + (place - below) * (values_[*index] - value);
}

}  // namespace sockscope

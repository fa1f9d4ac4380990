#include "analysis/independent_estimates.h"

#include <cmath>

namespace sockscope {
namespace {

Estimate transformed(const Estimate& estimate, double (*function)(double)) {
  Estimate result{.value = function(estimate.value), .ci95 = std::nullopt};
  if (estimate.ci95) result.ci95 = Interval{.low = function(estimate.ci95->low), .high = function(estimate.ci95->high)};
  return result;
}

}  // namespace

Estimate difference_of(const Estimate& a, const Estimate& b) {
  Estimate difference{.value = a.value - b.value, .ci95 = std::nullopt};
  if (!a.ci95 || !b.ci95) return difference;
  const double down = std::hypot(a.value - a.ci95->low, b.ci95->high - b.value);
  const double up = std::hypot(a.ci95->high - a.value, b.value - b.ci95->low);
  difference.ci95 = Interval{.low = difference.value - down, .high = difference.value + up};
  return difference;
}

Estimate ratio_of(const Estimate& a, const Estimate& b) {
  return transformed(difference_of(transformed(a, std::log), transformed(b, std::log)), std::exp);
}

}  // namespace sockscope

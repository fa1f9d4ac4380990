#include "report/html/thinning.h"

#include <algorithm>
#include <cstddef>

namespace sockscope {
namespace {

constexpr double kTailStep = 0.975;
constexpr double kTimeStep = 1.02;
constexpr std::size_t kBucketsOfBar = 4;

/// As Histogram::quantile() has it: the middle of the bucket, but no value that was not measured.
std::uint64_t value_of(std::size_t bucket, const Histogram& histogram) {
  const std::uint64_t low = Histogram::lowest_value_of(bucket);
  const std::uint64_t width = Histogram::lowest_value_of(bucket + 1) - low;
  return std::clamp(low + width / 2, histogram.min(), histogram.max());
}

bool is_far_from(const TailPoint& last, const TailPoint& next) {
  const auto as_double = [](std::uint64_t value) { return static_cast<double>(value); };
  return as_double(next.at_least) <= kTailStep * as_double(last.at_least) ||
         as_double(next.ns) >= kTimeStep * as_double(last.ns);
}

}  // namespace

std::vector<TailPoint> tail_of(const Histogram& histogram) {
  std::vector<TailPoint> points;
  std::uint64_t at_least = histogram.count();
  const auto buckets = histogram.filled_buckets();
  for (const auto& [bucket, count] : buckets) {
    const bool is_last = at_least == count;
    const TailPoint next{.ns = is_last ? histogram.max() : value_of(bucket, histogram), .at_least = at_least};
    if (points.empty() || is_last || is_far_from(points.back(), next)) points.push_back(next);
    at_least -= count;
  }
  return points;
}

std::vector<Bar> bars_of(const Histogram& histogram) {
  std::vector<Bar> bars;
  for (const auto& [bucket, count] : histogram.filled_buckets()) {
    const std::size_t first = bucket / kBucketsOfBar * kBucketsOfBar;
    const std::uint64_t from = Histogram::lowest_value_of(first);
    if (bars.empty() || bars.back().from_ns != from) {
      bars.push_back({.from_ns = from, .to_ns = Histogram::lowest_value_of(first + kBucketsOfBar)});
    }
    bars.back().count += count;
  }
  return bars;
}

}  // namespace sockscope

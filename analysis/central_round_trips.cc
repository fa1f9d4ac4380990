#include "analysis/central_round_trips.h"

#include <algorithm>
#include <numeric>

#include "base/histogram.h"

namespace sockscope {
namespace {

/// A quarter of the histogram's resolution: 64 to a power of two.
std::size_t bucket_of(std::uint64_t length_ns) { return Histogram::bucket_of(length_ns) / 4; }

}  // namespace

void CentralRoundTrips::add(const Parts& times_ns, const Parts& events) {
  const std::size_t bucket = bucket_of(std::accumulate(times_ns.begin(), times_ns.end(), std::uint64_t{0}));
  if (bucket >= by_length_.size()) by_length_.resize(bucket + 1);
  Sums& sums = by_length_[bucket];
  ++sums.count;
  for (std::size_t i = 0; i < kRoundTripParts; ++i) {
    sums.times_ns[i] += times_ns[i];
    sums.events[i] += events[i];
  }
}

void CentralRoundTrips::merge(const CentralRoundTrips& other) {
  if (other.by_length_.size() > by_length_.size()) by_length_.resize(other.by_length_.size());
  for (std::size_t bucket = 0; bucket < other.by_length_.size(); ++bucket) {
    const Sums& from = other.by_length_[bucket];
    Sums& to = by_length_[bucket];
    to.count += from.count;
    for (std::size_t i = 0; i < kRoundTripParts; ++i) {
      to.times_ns[i] += from.times_ns[i];
      to.events[i] += from.events[i];
    }
  }
}

std::optional<CentralRoundTrips::Means> CentralRoundTrips::middle_half() const {
  double count = 0;
  for (const Sums& sums : by_length_) count += static_cast<double>(sums.count);
  if (count == 0) return std::nullopt;
  const double first = count / 4;
  const double last = count * 3 / 4;

  Means means{};
  double below = 0;
  for (const Sums& sums : by_length_) {
    const auto here = static_cast<double>(sums.count);
    const double inside = std::min(last, below + here) - std::max(first, below);
    below += here;
    if (inside <= 0) continue;
    // Of a bucket that lies across a quartile, that share of all its round trips.
    const double share = inside / here / (last - first);
    for (std::size_t i = 0; i < kRoundTripParts; ++i) {
      means[i].time_ns += share * static_cast<double>(sums.times_ns[i]);
      means[i].events += share * static_cast<double>(sums.events[i]);
    }
  }
  return means;
}

}  // namespace sockscope

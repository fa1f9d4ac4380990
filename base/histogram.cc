#include "base/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sockscope {
namespace {

constexpr std::uint64_t kSubBuckets = std::uint64_t{1} << Histogram::kSubBucketBits;
constexpr std::size_t kBuckets =
    (static_cast<std::size_t>(std::bit_width(Histogram::kMaxValue)) - Histogram::kSubBucketBits) * kSubBuckets +
    kSubBuckets;

}  // namespace

void Histogram::reserve() { buckets_.resize(kBuckets); }

void Histogram::grow_to(std::size_t bucket) { buckets_.resize((bucket / kSubBuckets + 1) * kSubBuckets); }

std::uint64_t Histogram::lowest_value_of(std::size_t bucket) noexcept {
  if (bucket < 2 * kSubBuckets) return bucket;
  const std::size_t shift = (bucket >> kSubBucketBits) - 1;
  return (bucket - (shift << kSubBucketBits)) << shift;
}

void Histogram::merge(const Histogram& other) {
  if (buckets_.size() < other.buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Histogram::mean() const noexcept {
  return empty() ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
}

std::uint64_t Histogram::quantile(double quantile) const noexcept {
  if (empty()) return 0;
  const double wanted = std::ceil(std::clamp(quantile, 0.0, 1.0) * static_cast<double>(count_));
  // A count near 2^64, which only a hostile file has, is 2^64 as a double: too large to be cast back.
  const auto rank = wanted >= static_cast<double>(count_)
                        ? count_
                        : std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, count_);
  // The last rank is known exactly; a bucket's middle would be a needless guess.
  if (rank == count_) return max_;
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen < rank) continue;
    const std::uint64_t low = lowest_value_of(bucket);
    const std::uint64_t width = lowest_value_of(bucket + 1) - low;
    return std::clamp(low + width / 2, min_, max_);
  }
  return max_;
}

std::vector<std::pair<std::size_t, std::uint64_t>> Histogram::filled_buckets() const {
  std::vector<std::pair<std::size_t, std::uint64_t>> filled;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] != 0) filled.emplace_back(bucket, buckets_[bucket]);
  }
  return filled;
}

Histogram Histogram::restore(std::span<const std::pair<std::size_t, std::uint64_t>> filled, std::uint64_t min,
                             std::uint64_t max, std::uint64_t sum) {
  Histogram histogram;
  for (const auto& [bucket, count] : filled) {
    if (bucket >= kBuckets) continue;
    if (bucket >= histogram.buckets_.size()) histogram.grow_to(bucket);
    histogram.buckets_[bucket] += count;
    histogram.count_ += count;
  }
  if (histogram.count_ == 0) return histogram;
  histogram.min_ = std::min(min, max);
  histogram.max_ = std::max(min, max);
  histogram.sum_ = sum;
  return histogram;
}

}  // namespace sockscope

#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace sockscope {

/// A log-linear histogram of non-negative 64-bit values (here always nanoseconds), in the manner of HdrHistogram.
///
/// Every power of two is cut into 256 equal buckets, so a value is known to within 1/256 of itself; percentiles report
/// the middle of their bucket and are off by at most 0.2 % (kMaxRelativeError). Values below 512 are exact. min, max,
/// count and sum are exact. Recording costs a bit scan and an increment. Memory is 2 KiB for each power of two up to
/// the largest value recorded (some 30 KiB for values below 1 ms, 80 KiB at most), so that an empty one costs nothing;
/// where recording must not allocate, reserve() comes before it. Values above kMaxValue (about 19 hours) are counted
/// in the last bucket, with max and sum still exact.
class Histogram {
 public:
  static constexpr unsigned kSubBucketBits = 8;
  static constexpr std::uint64_t kMaxValue = (std::uint64_t{1} << 46) - 1;
  static constexpr double kMaxRelativeError = 1.0 / (2U << kSubBucketBits);

  /// Takes all the memory there can ever be need of: after it record() never allocates.
  void reserve();

  void record(std::uint64_t value) {
    const std::size_t bucket = bucket_of(value);
    if (bucket >= buckets_.size()) [[unlikely]] {
      grow_to(bucket);
    }
    ++buckets_[bucket];
    ++count_;
    sum_ += value;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
  }

  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t sum() const noexcept { return sum_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// The smallest value; 0 while empty.
  [[nodiscard]] std::uint64_t min() const noexcept { return empty() ? 0 : min_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
  /// The arithmetic mean, exact; 0 while empty.
  [[nodiscard]] double mean() const noexcept;

  /// The value at rank ceil(quantile * count) (nearest rank), quantile in [0, 1]; never below min or above max; 0
  /// while empty.
  [[nodiscard]] std::uint64_t quantile(double quantile) const noexcept;

  /// The filled buckets as (index, count), in rising order: what a file keeps of a histogram.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::uint64_t>> filled_buckets() const;

  /// Builds a histogram from what filled_buckets(), min(), max() and sum() gave. Indices beyond the last bucket are
  /// ignored, so a hostile file can do no more than give wrong numbers.
  static Histogram restore(std::span<const std::pair<std::size_t, std::uint64_t>> filled, std::uint64_t min,
                           std::uint64_t max, std::uint64_t sum);

  /// The bucket a value falls into, and the lowest value of a bucket. Public for the tests of the error bound.
  static std::size_t bucket_of(std::uint64_t value) noexcept {
    constexpr std::uint64_t sub_buckets = std::uint64_t{1} << kSubBucketBits;
    value = std::min(value, kMaxValue);
    if (value < sub_buckets) return value;
    // The top kSubBucketBits + 1 bits choose the bucket; the leading one is implied by the power of two.
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kSubBucketBits;
    return (std::size_t{shift} << kSubBucketBits) + (value >> shift);
  }
  static std::uint64_t lowest_value_of(std::size_t bucket) noexcept;

 private:
  void grow_to(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;  // as far as any is filled
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t min_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max_ = 0;
};

}  // namespace sockscope

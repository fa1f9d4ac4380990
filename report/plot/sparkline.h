#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/histogram.h"
#include "report/plot/screen.h"

/// Distributions a line high.
namespace sockscope {

/// Times from `from_ns` up to, but not including, `to_ns`.
struct TimeRange {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = 0;

  bool operator==(const TimeRange&) const = default;
};

/// From the smallest value of all up to the largest of their quantiles, so that they can be drawn on one axis. The ends
/// are those of histogram buckets. Empty histograms have no part in it.
[[nodiscard]] TimeRange range_of(std::span<const Histogram* const> histograms, double quantile);

/// How many of the values lie in each of `bins` parts of the range, which are equal in ratio. A bucket that lies in
/// more than one part is shared out among them.
[[nodiscard]] std::vector<double> binned(const Histogram& histogram, const TimeRange& range, std::size_t bins);

/// A character a bin: eighths of the fullest one, the least of them wherever there is something at all, or a mark for
/// nothing ("." in ASCII, whose eighths are ":-=+*#%@").
[[nodiscard]] std::string sparkline(std::span<const double> bins, Glyphs glyphs);

}  // namespace sockscope

#include "report/plot/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace sockscope {
namespace {

using Levels = std::array<std::string_view, 9>;

constexpr Levels kAsciiLevels{".", ":", "-", "=", "+", "*", "#", "%", "@"};
constexpr Levels kUnicodeLevels{"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

/// 0 ns has no logarithm: its bucket begins at half a nanosecond.
double log_of(std::uint64_t ns) { return std::log(std::max(0.5, static_cast<double>(ns))); }

}  // namespace

TimeRange range_of(std::span<const Histogram* const> histograms, double quantile) {
  TimeRange range{.from_ns = std::numeric_limits<std::uint64_t>::max(), .to_ns = 0};
  for (const Histogram* const histogram : histograms) {
    if (histogram->empty()) continue;
    const std::size_t first = Histogram::bucket_of(histogram->min());
    const std::size_t last = Histogram::bucket_of(histogram->quantile(quantile));
    range.from_ns = std::min(range.from_ns, Histogram::lowest_value_of(first));
    range.to_ns = std::max(range.to_ns, Histogram::lowest_value_of(last + 1));
  }
  return range;
}

std::vector<double> binned(const Histogram& histogram, const TimeRange& range, std::size_t bins) {
  std::vector<double> counts(bins);
  const double from = log_of(range.from_ns);
  const double a_bin = (log_of(range.to_ns) - from) / static_cast<double>(bins);
  for (const auto& [bucket, count] : histogram.filled_buckets()) {
    const double begin = (log_of(Histogram::lowest_value_of(bucket)) - from) / a_bin;
    const double end = (log_of(Histogram::lowest_value_of(bucket + 1)) - from) / a_bin;
    for (auto bin = static_cast<std::size_t>(std::max(0.0, begin)); bin < bins; ++bin) {
      const double low = std::max(begin, static_cast<double>(bin));
      const double high = std::min(end, static_cast<double>(bin + 1));
      if (high <= low) break;
      counts[bin] += static_cast<double>(count) * (high - low) / (end - begin);
    }
  }
  return counts;
}

std::string sparkline(std::span<const double> bins, Glyphs glyphs) {
  const Levels& levels = glyphs == Glyphs::kUnicode ? kUnicodeLevels : kAsciiLevels;
  const double most = bins.empty() ? 0 : *std::ranges::max_element(bins);
  constexpr double eighths = 8;
  std::string line;
  for (const double count : bins) {
    const double level = count <= 0 ? 0 : std::clamp(std::round(eighths * count / most), 1.0, eighths);
    line += levels.at(static_cast<std::size_t>(level));
  }
  return line;
}

}  // namespace sockscope

#include "report/plot/distributions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "report/numbers.h"
#include "report/plot/sparkline.h"

namespace sockscope {
namespace {

constexpr std::size_t kMostBins = 60;
constexpr std::string_view kIndent = "  ";

bool is_drawn(const Histogram* times) { return times != nullptr && !times->empty(); }

std::vector<const Histogram*> drawn_of(std::span<const Histogram* const> all) {
  std::vector<const Histogram*> drawn;
  std::ranges::copy_if(all, std::back_inserter(drawn), is_drawn);
  return drawn;
}

}  // namespace

std::vector<std::string> distribution_cells(std::span<const Histogram* const> all, std::size_t bins, Glyphs glyphs) {
  const TimeRange range = range_of(drawn_of(all), kDrawnQuantile);
  std::vector<std::string> cells;
  cells.reserve(all.size());
  for (const Histogram* const times : all) {
    cells.push_back(is_drawn(times) ? sparkline(binned(*times, range, bins), glyphs) : "");
  }
  return cells;
}

std::vector<std::string> distribution_lines(std::span<const LabelledTimes> all, const Screen& screen,
                                            const Style& style) {
  std::vector<const Histogram*> times;
  std::size_t margin = 0;
  for (const LabelledTimes& one : all) {
    times.push_back(one.times);
    margin = std::max(margin, kIndent.size() + one.label.size() + 1);
  }
  const auto drawn = drawn_of(times);
  if (drawn.empty()) return {};
  const auto width = static_cast<std::size_t>(std::max(screen.width, kMinScreenWidth));
  const std::size_t bins = std::min(kMostBins, width - margin);
  const auto cells = distribution_cells(times, bins, screen.glyphs);
  std::vector<std::string> lines;
  std::uint64_t least = drawn.front()->min();
  std::uint64_t most = 0;
  for (const Histogram* const one : drawn) {
    least = std::min(least, one->min());
    most = std::max(most, one->quantile(kDrawnQuantile));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (cells[i].empty()) continue;
    lines.push_back(
        fmt::format("{}{:<{}}{}", kIndent, all[i].label, margin - kIndent.size(), style.variant(i, cells[i])));
  }
  const std::string from = format_us(static_cast<double>(least));
  const std::string to = "p99 " + format_us(static_cast<double>(most));
  lines.push_back(fmt::format("{:{}}{}{:>{}}", "", margin, from, to, bins - from.size()));
  return lines;
}

}  // namespace sockscope

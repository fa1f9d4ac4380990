#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/histogram.h"
#include "report/plot/screen.h"
#include "report/style.h"

/// Distributions beside the figures of a table.
namespace sockscope {

struct LabelledTimes {
  std::string label;
  const Histogram* times = nullptr;  ///< Null or empty: nothing is drawn.
};

/// Up to which quantile they are drawn: what is beyond has a figure of its own, and would take all the room.
inline constexpr double kDrawnQuantile = 0.99;

/// A line for each, one below the other on the same logarithmic axis, and what it spans in microseconds: from the
/// smallest of all to the largest p99. No lines without times.
[[nodiscard]] std::vector<std::string> distribution_lines(std::span<const LabelledTimes> all, const Screen& screen,
                                                          const Style& style);

/// The same as words for a row of a grid, each `bins` characters; "" where nothing is drawn.
[[nodiscard]] std::vector<std::string> distribution_cells(std::span<const Histogram* const> all, std::size_t bins,
                                                          Glyphs glyphs);

}  // namespace sockscope

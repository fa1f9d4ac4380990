#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/histogram.h"
#include "report/plot/screen.h"
#include "report/style.h"

namespace sockscope {

/// A line of a chart.
struct Curve {
  std::string label;                 ///< "TCP"; ASCII draws with its first letter.
  const Histogram* times = nullptr;  ///< Nanoseconds.
};

/// The cumulative distributions of one or two curves that are not empty, with axes and a legend: to the right how long
/// it took, on a logarithmic axis, upwards what share took less, of which each step up to the next figure (90 %, 99 %,
/// 99.9 %) is a tenth of what is left. A curve ends with its slowest. The first has double lines, the second light ones
/// (ASCII: their letters, "*" where they meet). No line is wider than the screen.
[[nodiscard]] std::vector<std::string> tail_chart(std::span<const Curve> curves, const Screen& screen,
                                                  const Style& style);

}  // namespace sockscope

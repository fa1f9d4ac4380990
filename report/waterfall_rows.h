#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// A step of the waterfall as it is printed: rounded so that the rows add up as the reader sees them.
struct WaterfallRow {
  std::string label;            ///< "request  send"
  std::string change;           ///< "-0.12", in microseconds
  std::string interval;         ///< " [-0.14, -0.10]"; empty without one.
  bool may_be_nothing = false;  ///< 0 lies within the interval.
  double before_ns = 0;         ///< The sum in front of it,
  double after_ns = 0;          ///< and behind.
};

[[nodiscard]] std::vector<WaterfallRow> rows_of(const Waterfall& waterfall);

/// The comparison's, over its pairs of runs; of two variants that were not compared, as those of one recording, the
/// difference of their stages' means, without intervals. Absent unless there are two with stages.
[[nodiscard]] std::optional<Waterfall> waterfall_of(const Summary& summary);

}  // namespace sockscope

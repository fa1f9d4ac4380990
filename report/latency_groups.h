#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// One distribution of times. Refers to the summary that it is of.
struct LatencySeries {
  const Variant* variant = nullptr;
  bool is_traced = false;
  /// Where JSON has its percentiles, below the variant: {"untraced", "times", "one_way_ns"}.
  std::vector<std::string> json_path;
  const Histogram* times = nullptr;  ///< Never empty.
};

/// The times of one kind, of every variant and however they were watched.
struct LatencyGroup {
  std::string what;  ///< "round trip", "one way"
  std::vector<LatencySeries> series;
};

/// All distributions that pictures show.
[[nodiscard]] std::vector<LatencyGroup> latency_groups(const Summary& summary);

}  // namespace sockscope

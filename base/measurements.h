#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/histogram.h"

namespace sockscope {

/// What a workload measures beside round trips, by name, in the order in which it is printed: times in nanoseconds, and
/// counts. Runs of the same workload add up.
struct Measurements {
  std::string unit;         ///< What `units` counts: "round trip", "message", "connection"; empty: nothing.
  std::uint64_t units = 0;  ///< What counts and counters are divided by.
  std::vector<std::pair<std::string, Histogram>> times;
  std::vector<std::pair<std::string, std::uint64_t>> counts;

  /// Adds to what stands under the name, or begins it.
  void add_time(std::string_view name, const Histogram& histogram);
  void add_count(std::string_view name, std::uint64_t count);
  Measurements& operator+=(const Measurements& other);

  /// Null, and 0, if there is nothing of that name.
  [[nodiscard]] const Histogram* time(std::string_view name) const;
  [[nodiscard]] std::uint64_t count(std::string_view name) const;
  [[nodiscard]] bool has_count(std::string_view name) const;
};

}  // namespace sockscope

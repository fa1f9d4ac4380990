#pragma once

#include <cstdint>
#include <string>

#include "analysis/slowest_exchanges.h"
#include "report/table.h"

namespace sockscope {

/// The slowest exchanges of a recording, and what was asked for.
struct SlowReport {
  std::string path;
  std::uint64_t over_ns = 0;  ///< Only what took so long; 0: whatever is slowest.
  SlowestExchanges found;
};

/// For people: each with where its time was lost and why, and its path in parts that add up to the nanosecond.
[[nodiscard]] std::string render_slow_table(const SlowReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.slow/1" (results/README.md).
[[nodiscard]] std::string render_slow_json(const SlowReport& report);

}  // namespace sockscope

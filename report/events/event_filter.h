#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/record.h"

namespace sockscope {

/// Which events to print. What is empty or absent excludes nothing.
struct EventFilter {
  /// Shell patterns of names: "sched:*". One without a colon is for the name alone, of any system.
  std::vector<std::string> globs;
  std::vector<std::int32_t> tids;
  std::vector<std::uint32_t> cpus;
  /// Both ends are in. An event without a time is always in, as perf script has it.
  std::optional<std::uint64_t> from_ns;
  std::optional<std::uint64_t> to_ns;
  std::optional<std::uint64_t> limit;  ///< Events printed at most.

  /// By all but name and limit.
  [[nodiscard]] bool accepts(const perf_data::Record& record) const noexcept;
  [[nodiscard]] bool accepts_name(std::string_view name) const;
};

/// Whether a pattern of EventFilter::globs means this event.
[[nodiscard]] bool matches_event(const std::string& glob, std::string_view name);

}  // namespace sockscope

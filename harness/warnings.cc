#include "harness/warnings.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/printable.h"

namespace sockscope {

void warn(std::string_view text) { fmt::print(stderr, "sockscope: {}\n", printable(text)); }

void warn_of_doubts(const perf_data::Counters& counters, std::uint64_t undecoded, const std::string& name) {
  const auto warn_if = [&name](std::uint64_t count, std::string_view what) {
    if (count != 0) warn(fmt::format("{}: {} {}", name, count, what));
  };
  warn_if(counters.lost_events, "events were lost while it was recorded");
  warn_if(counters.skipped, "records of an unknown type were skipped");
  warn_if(counters.unknown_ids, "samples belong to no event that the file describes");
  warn_if(counters.malformed, "samples were too short for what they should hold, and were left out");
  warn_if(counters.bad_sections, "of its sections make no sense and were ignored");
  warn_if(undecoded, "events have fields that could not be read");
  if (counters.truncated) warn(fmt::format("{}: the file is cut off or damaged; what follows is missing", name));
}

void warn_of_running_kernels(const std::optional<Formats>& formats) {
  if (!formats || !formats->are_running_kernels) return;
  warn("perf was killed and left no formats; the running kernel's fit and are used");
}

}  // namespace sockscope

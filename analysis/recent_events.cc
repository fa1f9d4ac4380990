#include "analysis/recent_events.h"

#include <algorithm>

namespace sockscope {

bool RecentEvents::count(std::span<const std::uint64_t> cuts, std::span<std::uint64_t> counts) const noexcept {
  std::ranges::fill(counts, 0);
  std::size_t begin = count_;
  while (begin != first() && at(begin - 1).time_ns >= cuts.front()) --begin;
  if (begin == first() && begin != 0) return false;

  std::array<std::uint32_t, kMostParts> cpus{};
  std::size_t part = 0;
  for (std::size_t i = begin; i != count_ && at(i).time_ns < cuts.back(); ++i) {
    while (at(i).time_ns >= cuts[part + 1]) ++part;
    if (counts[part] == 0) {
      if (at(i).time_ns != cuts[part]) continue;
      cpus.at(part) = at(i).cpu;
    }
    if (at(i).cpu == cpus.at(part)) ++counts[part];
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::size_t next = i + 1;
    while (next < counts.size() && counts[next] == 0) ++next;
    if (counts[i] > 1 && next < counts.size() && cpus.at(next) != cpus.at(i)) counts[i] = 1;
  }
  return true;
}

}  // namespace sockscope

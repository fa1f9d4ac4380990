#include "harness/run_plan.h"

#include <algorithm>

namespace sockscope {

std::vector<RunStep> interleave(unsigned rounds, std::span<const Protocol> protocols, bool with_traced) {
  std::vector<RunStep> steps;
  for (unsigned round = 1; round <= rounds; ++round) {
    const auto begin = static_cast<std::ptrdiff_t>(steps.size());
    for (const Protocol protocol : protocols) steps.push_back({round, protocol, false});
    if (with_traced) {
      const auto untraced_end = static_cast<std::ptrdiff_t>(steps.size());
      for (const Protocol protocol : protocols) steps.push_back({round, protocol, true});
      std::reverse(steps.begin() + untraced_end, steps.end());
    }
    if (round % 2 == 0) std::reverse(steps.begin() + begin, steps.end());
  }
  return steps;
}

}  // namespace sockscope

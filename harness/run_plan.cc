#include "harness/run_plan.h"

#include <algorithm>

namespace sockscope {

std::vector<RunStep> interleave(unsigned rounds, std::span<const Protocol> protocols, bool with_traced) {
  std::vector<RunStep> one_round;
  const auto watch_each = [&](Watch watch) {
    for (const Protocol protocol : protocols) one_round.push_back({1, protocol, watch});
  };
  watch_each(Watch::kNobody);
  watch_each(Watch::kCounters);
  if (with_traced) watch_each(Watch::kPerf);

  std::vector<RunStep> steps;
  for (unsigned round = 1; round <= rounds; ++round) {
    for (RunStep& step : one_round) step.round = round;
    steps.insert(steps.end(), one_round.begin(), one_round.end());
    std::ranges::reverse(one_round);
  }
  return steps;
}

}  // namespace sockscope

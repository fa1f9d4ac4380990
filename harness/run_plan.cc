#include "harness/run_plan.h"

#include <algorithm>
#include <random>

namespace sockscope {

Watched watched_as(Watch watch) {
  switch (watch) {
    case Watch::kNobody:
      return Watched::kUntraced;
    case Watch::kCounters:
      return Watched::kCounted;
    case Watch::kPerf:
      return Watched::kTraced;
  }
  return Watched::kUntraced;
}

std::vector<RunStep> interleave(unsigned rounds, std::size_t variants, bool with_traced, std::uint64_t seed) {
  std::vector<Watch> watches{Watch::kNobody, Watch::kCounters};
  if (with_traced) watches.push_back(Watch::kPerf);
  std::mt19937_64 random(seed);
  bool is_reversed = false;

  std::vector<RunStep> steps;
  steps.reserve(std::size_t{rounds} * watches.size() * variants);
  for (unsigned round = 1; round <= rounds; ++round) {
    // Of each two rounds the second has the order that the first has not.
    is_reversed = round % 2 == 1 ? (random() & 1U) != 0 : !is_reversed;
    for (const Watch watch : watches) {
      for (std::size_t i = 0; i < variants; ++i) steps.push_back({round, is_reversed ? variants - 1 - i : i, watch});
    }
    std::ranges::reverse(watches);
  }
  return steps;
}

}  // namespace sockscope

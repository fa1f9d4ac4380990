#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/baseline.h"
#include "analysis/gate.h"

namespace sockscope {

/// What a self-test measured: runs of one plan that are identical but for the delay.
struct SelfTestRuns {
  std::vector<GateFigure> identical;
  std::vector<GateFigure> delayed;  ///< With `injected_ns` of work put into the server's loop; empty: none were made.
  std::uint64_t injected_ns = 0;
};

struct SelfTestResult {
  SelfTest test;                        ///< Without `made` and `rounds`, which the runs do not say.
  std::vector<BaselineFigure> figures;  ///< The identical runs, each figure with its limit.
};

/// Splits the identical runs in halves again and again, one a baseline and the other judged against it. The limit of a
/// count is twice what the middles of two halves ever differed by, if that is more than its usual tolerance; that of a
/// time is the smallest effect that 95 % of the intervals exclude, and at least GateRule::kUsualEffect. With these
/// limits: how often a half is red, and by how much it has to be slower to be red in 80 % of the splits.
SelfTestResult self_test(const SelfTestRuns& runs, std::uint64_t seed);

}  // namespace sockscope

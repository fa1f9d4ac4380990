#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/protocol.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// One run of the workload: over which protocol, and whether perf watches.
struct RunStep {
  unsigned round = 1;  ///< Counted from 1.
  Protocol protocol = Protocol::kTcp;
  bool traced = false;

  bool operator==(const RunStep&) const = default;
};

/// What a whole compare or record does.
struct RunPlan {
  WorkloadSpec workload;  ///< Its protocol is replaced by each step's.
  unsigned rounds = 1;
  std::vector<RunStep> steps;
};

/// The order of the runs. Within a round the protocols alternate and so do traced and untraced; each round is the
/// mirror image of the one before (ABBA), so that a drift of the machine falls on both sides alike: running one after
/// the other has produced the wrong sign.
std::vector<RunStep> interleave(unsigned rounds, std::span<const Protocol> protocols, bool with_traced);

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/protocol.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// Who watches a run.
enum class Watch {
  kNobody,    ///< Only the workload's own clock and getrusage(2): the latency to trust.
  kCounters,  ///< libperf's counters: even these make a round trip on one CPU a third longer.
  kPerf,      ///< perf record.
};

/// One run of the workload: over which protocol, and who watches.
struct RunStep {
  unsigned round = 1;  ///< Counted from 1.
  Protocol protocol = Protocol::kTcp;
  Watch watch = Watch::kNobody;

  bool operator==(const RunStep&) const = default;
};

/// What a whole compare or record does.
struct RunPlan {
  WorkloadSpec workload;  ///< Its protocol is replaced by each step's.
  unsigned rounds = 1;
  std::vector<RunStep> steps;
};

/// The order of the runs. Within a round the protocols alternate and so do those who watch; each round is the mirror
/// image of the one before (ABBA), so that a drift of the machine falls on both sides alike: running one after
/// the other has produced the wrong sign.
std::vector<RunStep> interleave(unsigned rounds, std::span<const Protocol> protocols, bool with_traced);

}  // namespace sockscope

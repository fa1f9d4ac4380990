#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analysis/run_figures.h"
#include "analysis/variant.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// Who watches a run.
enum class Watch {
  kNobody,    ///< Only the workload's own clock and getrusage(2): the latency to trust.
  kCounters,  ///< libperf's counters: even these make a round trip on one CPU a third longer.
  kPerf,      ///< perf record.
  kNested,    ///< It too, with a part of the events: for what an event costs (analysis/probe_effect.h).
};

/// Whether it leaves a recording.
inline bool is_recorded(Watch watch) { return watch == Watch::kPerf || watch == Watch::kNested; }

/// One run of the workload: of which variant, and who watches.
struct RunStep {
  unsigned round = 1;       ///< Counted from 1.
  std::size_t variant = 0;  ///< Index in RunPlan::variants.
  Watch watch = Watch::kNobody;

  bool operator==(const RunStep&) const = default;
};

struct PlannedVariant {
  Variant variant;
  WorkloadSpec workload;  ///< Its protocol is the variant's.
};

/// What a whole compare or record does.
struct RunPlan {
  std::vector<PlannedVariant> variants;
  unsigned rounds = 1;  ///< At most, with `until`.
  /// End as soon as the interval of the median round trip reaches no further to either side: 0.02 is within 2 %.
  std::optional<double> until;
  /// Beside each pair that nobody watches, a run of the loop without sockets (workloads/calibration.h).
  bool is_calibrated = false;
  std::vector<RunStep> steps;
};

/// The steps from the first on that are of one round and watched alike: what is compared with one another.
std::span<const RunStep> first_pair(std::span<const RunStep> steps);

/// Adds runs with a nested set of events, next to the traced ones of some ten rounds: before them and behind them in
/// turn.
void add_nested(RunPlan& plan);

/// How the figures call it: by what they are worth.
Watched watched_as(Watch watch);

/// The order of the runs. Those of a round that are watched alike follow one another, so that the machine is the same
/// for them: they are a pair, or as many as there are variants. Their order is drawn at random for every other round,
/// and the round after it has it the other way around. Who watches alternates, each round being the mirror image of the
/// one before (ABBA). A drift of the machine falls on all sides alike: running one after the other has produced the
/// wrong sign.
std::vector<RunStep> interleave(unsigned rounds, std::size_t variants, bool with_traced, std::uint64_t seed);

}  // namespace sockscope

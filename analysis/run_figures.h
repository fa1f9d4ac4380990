#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sockscope {

struct UntracedSummary;
struct TracedSummary;

/// Who watched a run: figures of runs that were watched in different ways are never compared with each other.
enum class Watched {
  kUntraced,
  kCounted,
  kTraced,
  kNested,  ///< Traced with fewer events than kTraced, for what an event costs (ProbeEffect).
};

/// Whether the figure of this name is a time, in nanoseconds; else it is a count.
inline bool is_time(std::string_view name) { return name.ends_with("_ns"); }

/// "untraced", "counted", "traced", "nested".
std::string_view name_of(Watched watched);

/// What one run of one variant came to: the run is the unit of every comparison (PairedComparison). The runs of a round
/// that are watched alike are a pair, made one right after the other.
struct RunFigures {
  unsigned round = 1;
  Watched watched = Watched::kUntraced;
  /// By name, in the order of the reports. Names that end in _ns are times, the others counts per round trip, or per
  /// unit of the workload.
  std::vector<std::pair<std::string, double>> values;
  /// Of a traced run: what its tracing did to it.
  struct Probe {
    double rtt_p50_ns = 0;  ///< By the workload's own clock.
    double events = 0;      ///< Recorded, for each round trip.
  };
  std::optional<Probe> probe = std::nullopt;

  [[nodiscard]] std::optional<double> value(std::string_view name) const;
};

/// Of one run that nobody watched, or the counters alone:
///
///   rtt_p50_ns, rtt_p90_ns, rtt_p99_ns, rtt_p999_ns, rtt_mean_ns   of round trips; none of a quantile that the run has
///                                                                  too few of (supports_quantile)
///   <name>_p50_ns                                                  of each time that the workload measures besides
///   unit_ns                                                        of workloads that count units: measured time each
///   cpu_time_ns, counted_context_switches                          of counted runs, of both ends together
RunFigures figures_of(unsigned round, const UntracedSummary& run);

/// Of one traced run:
///
///   rtt_mean_ns                     of the round trips in the trace; what stages add up to
///   stage.<direction>.<stage>_ns    what each stage adds to it: 0 where it is absent
///   syscalls, skbs, softirqs, context_switches, wakeups, ...
RunFigures figures_of(unsigned round, const TracedSummary& run);

}  // namespace sockscope

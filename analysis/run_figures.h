#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sockscope {

/// Who watched a run, as far as its figures are concerned.
enum class Watched { kUntraced, kTraced };

/// What one run of one variant came to: the run is the unit of every comparison (PairedComparison). Runs of the same
/// round are a pair.
struct RunFigures {
  unsigned round = 1;
  Watched watched = Watched::kUntraced;
  /// By name, in the order of the reports. Times end in _ns; the others are counts per round trip, or per unit of the
  /// workload. "rtt_p50_ns", "rtt_mean_ns", "stage.request.send_ns", "syscalls", "skbs", "context_switches".
  std::vector<std::pair<std::string, double>> values;
};

}  // namespace sockscope

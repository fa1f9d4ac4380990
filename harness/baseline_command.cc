#include <fmt/format.h>

#include "harness/baseline_file.h"
#include "harness/commands.h"
#include "harness/environment.h"
#include "harness/fingerprint.h"
#include "harness/gate_measurement.h"
#include "harness/keep_baseline.h"
#include "harness/microbench_results.h"

namespace sockscope {

Result<int> run_command(const BaselineOptions& options, const Interrupt& interrupt) {
  const Facts machine = machine_facts(describe_environment("/"));
  const auto path = options.file.empty() ? baseline_path(options.name, machine) : options.file;
  const auto measurement = options.benchmarks.empty() ? measure_for_gate(options.plan, options.keep, interrupt)
                                                      : read_microbench(options.benchmarks);
  if (!measurement) return std::unexpected(measurement.error());
  if (const auto& doubts = measurement->doubts; !doubts.empty()) {
    fmt::print(stderr, "sockscope: figures of the trace are left out: {}\n", doubts.front().reason);
  }
  const auto plan = options.benchmarks.empty() ? options.plan : std::vector{std::string(kMicrobenchPlan)};
  const Baseline baseline = baseline_of(options.name, plan, *measurement);
  if (baseline.disturbed > GateRule::kMostDisturbed) {
    fmt::print(
        stderr,
        "sockscope: other programs disturbed {:.0f} % of the rounds: against this baseline a gate judges counts, "
        "and no times; save it anew when the machine is quiet\n",
        baseline.disturbed * 100);
  }
  if (auto kept = keep_baseline(path, baseline); !kept) return pass_on(kept);
  fmt::print(stderr, "sockscope: {} holds {} figures; hold a run against it with: sockscope gate --baseline {}{}\n",
             path.string(), baseline.figures.size(), path.string(),
             options.benchmarks.empty() ? "" : " --benchmarks FILE");
  return 0;
}

}  // namespace sockscope

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/run_conditions.h"
#include "base/error.h"
#include "base/wait.h"
#include "harness/capture.h"
#include "harness/event_set.h"
#include "harness/open_sockets.h"
#include "harness/run_plan.h"
#include "workloads/end_result.h"
#include "workloads/workload_table.h"

namespace sockscope {

/// What one step of the plan gave.
struct RunResult {
  RunStep step;
  Variant variant;  ///< The step's.
  EndResult client;
  EndResult server;
  std::vector<std::pair<std::string, std::uint64_t>> counters;  ///< libperf's, of both ends; counted steps only.
  std::vector<std::string> refused_counters;  ///< Those of a counted step that this user may not read.
  std::string recording;  ///< File name of the perf.data in the run directory; empty if nothing was recorded.
  std::vector<std::string> perf_command;  ///< As run; empty if nothing was recorded.
  Followed followed = Followed::kFlow;    ///< How far the recording can be.
  std::vector<SocketOwner> owners;  ///< Unless the flow is known: whose sockets are followed, as before the round.
  RunConditions conditions;         ///< What else went on meanwhile.
  std::optional<Topology> topology = std::nullopt;  ///< What lay between the ends; absent: this machine's lo.
};

/// What a step needs beyond the workload.
struct RoundSetting {
  std::filesystem::path directory;       ///< Where recordings go.
  EventSet events;                       ///< What is recorded, and
  Capture capture = Capture::kPerf;      ///< by what.
  std::vector<std::string> functions{};  ///< Of Capture::kFunctionGraph: whose calls; empty: everyone's.
  int interrupt_fd = -1;
};

/// The CPUs of both ends, in rising order: one or two.
std::vector<int> measured_cpus(const WorkloadSpec& spec);

/// The CPUs left for perf and the harness; empty (any) when the measured ones are all there are.
std::vector<int> other_cpus(const std::vector<int>& measured);

/// The bytes of ftrace's buffer on a CPU that hold one such run; nothing if it would be larger than a machine can
/// spare.
std::optional<std::size_t> tracefs_bytes_of(const WorkloadSpec& workload);

/// Runs one step: starts both ends, holds them at the barrier while perf or the counters get ready, warms up,
/// measures, and ends everything that it started. kInterrupted leaves no process and no recording behind.
Result<RunResult> run_step(const PlannedVariant& planned, const RunStep& step, const RoundSetting& setting);

/// One unwatched run of the calibration loop (workloads/calibration.h) on the CPUs of that workload and under its
/// scheduling policy: what this machine's system calls, wake-ups and context switches cost at this time.
Result<RunResult> run_calibration(const WorkloadSpec& beside, const RoundSetting& setting);

/// "tcp-1.perf.data", "tcp-1-nested.perf.data"
std::string recording_name(const Variant& variant, const RunStep& step);
/// "tcp-1.calls.log"
std::string calls_name(const Variant& variant, const RunStep& step);

}  // namespace sockscope

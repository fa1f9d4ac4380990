#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.h"
#include "harness/program_run.h"
#include "harness/round.h"

namespace sockscope {

/// Everything that run.json keeps of a run: enough to make the same report again from the recordings beside it.
struct RunRecord {
  Summary::Kind kind = Summary::Kind::kCompare;
  std::string mode;  ///< As Summary::mode.
  std::string title;
  Facts environment;
  Facts plan;
  std::vector<Missing> missing;
  bool interrupted = false;
  std::vector<RunResult> runs;           ///< Those that finished, in the order they ran.
  std::vector<DisturbedPair> disturbed;  ///< As Summary::disturbed.
  std::optional<ProgramRun> programs;    ///< Instead of runs of our workloads.
};

}  // namespace sockscope

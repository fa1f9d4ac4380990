#pragma once

#include <span>

#include "analysis/summary.h"
#include "base/error.h"
#include "harness/options.h"
#include "harness/run_plan.h"

namespace sockscope {

/// Makes a plan out of what was asked for and the CPUs that are allowed. kUsage, naming the option, if they do not go
/// together.
Result<RunPlan> make_plan(const MeasureOptions& options, std::span<const Protocol> protocols, bool with_traced,
                          const std::vector<int>& allowed_cpus);

/// "echo of 64 bytes, both ends on CPU 0, 5 rounds of 10000 round trips"
std::string title_of(const RunPlan& plan);

/// The plan as named facts, for the reports.
Facts facts_of(const RunPlan& plan);

}  // namespace sockscope

#pragma once

#include <string>

#include "analysis/summary.h"
#include "harness/run_plan.h"

/// A plan in words.
namespace sockscope {

/// "echo of 64 bytes, both ends on CPU 0, 5 rounds of 10000 round trips"
std::string title_of(const RunPlan& plan);

/// What lies between the ends, a fact of the environment: "this machine's lo", "bridge", "veth (A), bridge (B)".
std::string topology_of(const RunPlan& plan);

/// The plan as named facts, for the reports.
Facts facts_of(const RunPlan& plan);

}  // namespace sockscope

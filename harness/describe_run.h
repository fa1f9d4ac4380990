#pragma once

#include "base/error.h"
#include "harness/capture.h"
#include "harness/event_set.h"
#include "harness/run_plan.h"
#include "harness/run_record.h"
#include "harness/trace_options.h"

/// What commands that measure have in common before they do.
namespace sockscope {

/// What traced runs record, and what records it.
struct Tracing {
  EventSet events;
  ChosenCapture capture;
};

/// Whether every variant is one flow, known beforehand.
bool are_flows(const RunPlan& plan);

/// What fits the plan, of what the options ask for. kEnvironment or kUsage as EventSet::available().
Result<Tracing> tracing_for(const RunPlan& plan, const TraceOptions& options);

/// The record of a run that has not begun: plan, environment, topology.
RunRecord describe_run(const RunPlan& plan, Summary::Kind kind, bool is_traced, const Tracing& tracing);

}  // namespace sockscope

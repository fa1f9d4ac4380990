#include "harness/describe_run.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/tracefs.h"
#include "harness/environment.h"
#include "harness/plan_text.h"
#include "workloads/workload_table.h"

namespace sockscope {

bool are_flows(const RunPlan& plan) {
  return std::ranges::all_of(plan.variants,
                             [](const PlannedVariant& one) { return followed(one.workload) == Followed::kFlow; });
}

Result<Tracing> tracing_for(const RunPlan& plan, const TraceOptions& options) {
  auto events = EventSet::available(kTracefsMount, options.events);
  if (!events) return pass_on(events);
  if (!are_flows(plan)) events = events->of_sessions(kTracefsMount);
  if (!events) return pass_on(events);
  std::vector<WorkloadSpec> runs;
  runs.reserve(plan.variants.size());
  for (const PlannedVariant& one : plan.variants) runs.push_back(one.workload);
  auto capture = choose_capture(options.capture, events->with_stacks, runs, kTracefsMount);
  if (!capture) return pass_on(capture);
  return Tracing{.events = std::move(*events), .capture = std::move(*capture)};
}

RunRecord describe_run(const RunPlan& plan, Summary::Kind kind, bool is_traced, const Tracing& tracing) {
  RunRecord record;
  record.kind = kind;
  record.mode = is_traced ? "traced" : "untraced-only";
  record.title = title_of(plan);
  record.environment = describe_environment("/");
  for (auto& [name, value] : record.environment) {
    const std::string& asked_for = plan.variants.front().workload.socket.congestion;
    const bool by_all = std::ranges::all_of(
        plan.variants, [&](const PlannedVariant& one) { return one.workload.socket.congestion == asked_for; });
    if (name == "tcp congestion control" && by_all && !asked_for.empty()) value = asked_for + ", as asked for";
  }
  record.environment.emplace_back("topology", topology_of(plan));
  record.plan = facts_of(plan);
  if (!is_traced) return record;
  record.plan.emplace_back("events", tracing.events.text());
  record.plan.emplace_back("capture", tracing.capture.text);
  return record;
}

}  // namespace sockscope

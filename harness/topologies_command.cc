#include <algorithm>
#include <optional>
#include <utility>

#include "analysis/topology_comparison.h"
#include "base/cpu_list.h"
#include "base/tracefs.h"
#include "harness/capabilities.h"
#include "harness/commands.h"
#include "harness/describe_run.h"
#include "harness/measure.h"
#include "harness/network_lab.h"
#include "harness/output.h"
#include "harness/planning.h"
#include "harness/run_directory.h"
#include "harness/summarise.h"
#include "harness/topology_functions.h"
#include "report/topologies_report.h"

namespace sockscope {
namespace {

constexpr unsigned kRounds = 20;
constexpr unsigned kTracedRounds = 4;  // counts are the same in each

/// What this machine has, made once to see, and what it lacks. kEnvironment if not even a namespace can be made, or one
/// without a device of its own.
Result<std::vector<Topology>> available_topologies(IpVersion version, const Interrupt& interrupt,
                                                   std::vector<LackingTopology>& lacking) {
  std::vector<Topology> available;
  for (const Topology topology : kTopologies) {
    const auto lab = NetworkLab::make(topology, version, {.interrupt_fd = interrupt.fd()});
    if (lab) {
      available.push_back(topology);
    } else if (topology == Topology::kLoopback || lab.error().kind != ErrorKind::kEnvironment) {
      return std::unexpected(lab.error());
    } else {
      lacking.push_back({topology, lab.error().message});
    }
  }
  return available;
}

std::vector<VariantOptions> variants_over(const MeasureOptions& measure, const std::vector<Topology>& topologies) {
  std::vector<VariantOptions> variants;
  for (const Topology topology : topologies) {
    for (const Protocol protocol : kProtocols) {
      VariantOptions one{.variant = variant_of(topology, protocol), .measure = measure};
      one.measure.topology = topology;
      variants.push_back(std::move(one));
    }
  }
  return variants;
}

/// Nobody is counted, and a few rounds are traced.
void thin_out(RunPlan& plan) {
  const unsigned every = std::max(1U, plan.rounds / kTracedRounds);
  std::erase_if(plan.steps, [every](const RunStep& step) {
    const bool is_traced = step.watch == Watch::kPerf && (step.round - 1) % every == 0;
    return step.watch != Watch::kNobody && !is_traced;
  });
}

Result<RunPlan> plan_of(const TopologiesOptions& options, const std::vector<Topology>& topologies, bool may_trace) {
  MeasureOptions measure = options.measure;
  if (!measure.rounds && !measure.quick) measure.rounds = kRounds;
  auto plan = make_plan(variants_over(measure, topologies), may_trace, allowed_cpus());
  if (plan) thin_out(*plan);
  return plan;
}

}  // namespace

Result<int> run_command(const TopologiesOptions& options, const Interrupt& interrupt) {
  const Capabilities machine = examine(kTracefsMount);
  const bool may_trace = !options.measure.untraced && machine.can_trace();
  TopologiesReport report;
  auto topologies = available_topologies(options.measure.socket.ip, interrupt, report.lacking);
  if (!topologies) return pass_on(topologies);
  const auto plan = plan_of(options, *topologies, may_trace);
  if (!plan) return std::unexpected(plan.error());
  const auto tracing = may_trace ? tracing_for(*plan, options.trace) : Tracing{};
  if (!tracing) return std::unexpected(tracing.error());
  const auto directory = TemporaryDirectory::make();
  if (!directory) return std::unexpected(directory.error());

  RunRecord record = describe_run(*plan, Summary::Kind::kReport, may_trace, *tracing);
  const auto between = std::ranges::find(record.environment, "topology", &Facts::value_type::first);
  if (between != record.environment.end()) between->second = "each by itself";
  if (!options.measure.untraced) record.missing = machine.missing();
  SummaryBuilder builder;
  const MeasureSetting setting{.round = {.directory = directory->path(),
                                         .events = tracing->events,
                                         .capture = tracing->capture.capture,
                                         .interrupt_fd = interrupt.fd()},
                               .recordings = Recordings::kDrop,
                               .most_repeats = 1};
  const auto measured = measure(*plan, setting, record, builder);
  if (!measured) return std::unexpected(measured.error());
  if (record.runs.empty()) return fail(ErrorKind::kInterrupted, "interrupted before the first run was finished");
  report.summary = summary_of(record, builder);
  report.costs = topology_costs(report.summary.variants, {});
  if (may_trace && options.with_functions && !record.interrupted) {
    const auto added = add_topology_functions(options.measure, *topologies, interrupt, report.functions);
    if (!added && added.error().kind == ErrorKind::kInterrupted) {
      report.summary.interrupted = record.interrupted = true;
    } else if (!added) {
      report.summary.missing.push_back({"functions: " + added.error().message, "sockscope functions says more"});
    }
  }
  if (auto written = write_topologies(report, options.output); !written) return pass_on(written);
  return record.interrupted ? exit_status_of(ErrorKind::kInterrupted) : 0;
}

}  // namespace sockscope

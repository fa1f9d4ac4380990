#include "harness/function_rounds.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "analysis/function_comparison.h"
#include "base/affinity.h"
#include "base/cpu_list.h"
#include "base/tracefs.h"
#include "harness/capabilities.h"
#include "harness/describe_run.h"
#include "harness/ftrace_recorder.h"
#include "harness/kernel_functions.h"
#include "harness/measure.h"
#include "harness/network_lab.h"
#include "harness/planning.h"
#include "harness/progress.h"
#include "harness/round.h"
#include "harness/run_directory.h"
#include "harness/variant_options.h"

namespace sockscope {
namespace {

Result<RunPlan> plan_of(const CompareOptions& options) {
  const auto variants = variants_of(options.measure, options.a, options.b);
  if (!variants) return std::unexpected(variants.error());
  auto plan = make_plan(*variants, true, allowed_cpus());
  if (!plan) return plan;
  std::erase_if(plan->steps, [](const RunStep& step) { return step.watch != Watch::kPerf; });
  return plan;
}

Result<EventSet> events_of(const CompareOptions& options) {
  auto events = EventSet::available(kTracefsMount, options.trace.events);
  if (events) events->with_stacks = true;
  return events;
}

RunRecord describe(const RunPlan& plan) {
  RunRecord record = describe_run(plan, Summary::Kind::kCompare, false, {});
  record.mode = "functions";
  return record;
}

RunRecord describe(const RunPlan& plan, const EventSet& events) {
  RunRecord record = describe(plan);
  record.plan.emplace_back("events", events.text());
  if (!events.missing.empty()) {
    record.plan.emplace_back("events that this kernel lacks", fmt::format("{}", fmt::join(events.missing, " ")));
  }
  record.plan.emplace_back("capture", "perf record: call chains are perf's alone");
  return record;
}

/// Whether the finished rounds say what a variant differs by from itself.
bool is_enough(const RunPlan& plan, const std::vector<RunResult>& runs) {
  return std::ranges::all_of(plan.variants, [&runs](const PlannedVariant& planned) {
    const auto rounds = std::ranges::count(runs, planned.variant, &RunResult::variant);
    return static_cast<std::size_t>(rounds) >= kLeastRounds;
  });
}

/// The rounds into the record. kInterrupted if there are not enough of them.
Result<> run_rounds(const RunPlan& plan, const RoundSetting& setting, RunRecord& record) {
  const Affinity out_of_the_way(out_of_the_way_of(plan));
  NetworkLabs labs;
  const auto connected = connected_plan(plan, labs, setting.interrupt_fd);
  if (!connected) return std::unexpected(connected.error());
  Progress progress(plan.steps.size());
  for (const RunStep& step : plan.steps) {
    const PlannedVariant& planned = connected->variants[step.variant];
    progress.begin(step, planned.variant);
    auto run = run_step(planned, step, setting);
    if (!run && run.error().kind == ErrorKind::kInterrupted && is_enough(plan, record.runs)) {
      record.interrupted = true;
      return {};
    }
    if (!run) return pass_on(run);
    record.runs.push_back(std::move(*run));
  }
  return {};
}

/// With function_graph, which says each function's name itself.
Result<> record_calls(const RunPlan& plan, const std::vector<std::string>& filter,
                      const std::filesystem::path& directory, const Interrupt& interrupt) {
  if (auto can = FtraceRecorder::check(); !can) {
    return fail(can.error().kind, "{}; --with perf does without", can.error().message);
  }
  RunRecord record = describe(plan);
  record.plan.emplace_back("capture", "ftrace's function_graph: a hit is a call");
  record.plan.emplace_back("functions", filter.empty() ? "all" : fmt::format("{}", fmt::join(filter, " ")));
  const RoundSetting setting{.directory = directory,
                             .events = {},
                             .capture = Capture::kFunctionGraph,
                             .functions = filter,
                             .interrupt_fd = interrupt.fd()};
  if (auto ran = run_rounds(plan, setting, record); !ran) return ran;
  return save_run(directory, record);
}

}  // namespace

Result<> record_functions(const CompareOptions& options, const FunctionCapture& capture,
                          const std::filesystem::path& directory, const Interrupt& interrupt,
                          const std::filesystem::path& kallsyms) {
  const auto plan = plan_of(options);
  if (!plan) return std::unexpected(plan.error());
  if (capture.with == FunctionSource::kFtrace) return record_calls(*plan, capture.filter, directory, interrupt);
  const Capabilities machine = examine(kTracefsMount);
  if (!machine.can_trace()) {
    const Missing first = machine.missing().front();
    return fail(ErrorKind::kEnvironment, "cannot trace here: {}; fix: {} (sockscope doctor says more)", first.what,
                first.fix);
  }
  const std::string functions_before = kernel_functions_now(kallsyms);
  if (functions_before.empty()) {
    return fail(ErrorKind::kEnvironment,
                "{} hides where the kernel's functions are: run as root, or: sudo sysctl kernel.kptr_restrict=0",
                kallsyms.string());
  }
  const auto events = events_of(options);
  if (!events) return std::unexpected(events.error());
  RunRecord record = describe(*plan, *events);
  const RoundSetting setting{
      .directory = directory, .events = *events, .capture = Capture::kPerf, .interrupt_fd = interrupt.fd()};
  if (auto ran = run_rounds(*plan, setting, record); !ran) return ran;
  // Programs that traced meanwhile may have gone: theirs are in the chains all the same.
  const std::string functions = united_functions(functions_before, kernel_functions_now(kallsyms));
  if (auto kept = write_file(directory / kKeptKallsyms, functions); !kept) return kept;
  return save_run(directory, record);
}

}  // namespace sockscope

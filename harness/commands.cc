#include "harness/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/cpu_list.h"
#include "base/tracefs.h"
#include "harness/call_report_command.h"
#include "harness/capabilities.h"
#include "harness/compare.h"
#include "harness/describe_run.h"
#include "harness/environment.h"
#include "harness/export_command.h"
#include "harness/input_kind.h"
#include "harness/kernel_functions.h"
#include "harness/lab_checks.h"
#include "harness/lttng_script.h"
#include "harness/measure.h"
#include "harness/open_recording.h"
#include "harness/output.h"
#include "harness/page_report.h"
#include "harness/plan_text.h"
#include "harness/planning.h"
#include "harness/run_directory.h"
#include "harness/summarise.h"
#include "harness/traced_recordings.h"
#include "report/json.h"

namespace sockscope {
namespace {

constexpr int kInterruptedStatus = 130;

/// run.json and summary.json beside the recordings.
Result<> keep(const std::filesystem::path& directory, const RunRecord& record, const Summary& summary) {
  if (auto saved = save_run(directory, record); !saved) return saved;
  if (auto saved = write_file(directory / "summary.json", render_json(summary)); !saved) return saved;
  give_to_invoker(directory);
  return {};
}

/// What call chains are of, beside them.
Result<> keep_functions(const EventSet& events, const std::filesystem::path& directory) {
  if (!events.with_stacks) return {};
  return keep_kernel_functions(directory);
}

/// Counters that this user may not read are missing from the report, each run alike.
void add_refused_counters(RunRecord& record) {
  for (const RunResult& run : record.runs) {
    if (run.refused_counters.empty()) continue;
    record.missing.push_back({fmt::format("counters: {}", fmt::join(run.refused_counters, ", ")),
                              "run as root: sudo sockscope ...; or: sudo sysctl kernel.perf_event_paranoid=1"});
    return;
  }
}

/// Whether each event that is recorded is one that the analysis places in a part of a round trip.
bool can_be_corrected(const RunPlan& plan, const EventSet& events) {
  return are_flows(plan) && events.name == EventSet::kDefault;
}

}  // namespace

Result<Summary> compare_once(const CompareOptions& options, const Interrupt& interrupt) {
  const Capabilities machine = examine(kTracefsMount);
  const bool may_trace = !options.measure.untraced && machine.can_trace();
  const auto variants = variants_of(options.measure, options.a, options.b);
  if (!variants) return std::unexpected(variants.error());
  auto plan = make_plan(*variants, may_trace, allowed_cpus());
  if (!plan) return pass_on(plan);
  plan->is_calibrated = options.calibrate;
  const auto tracing = may_trace ? tracing_for(*plan, options.trace) : Tracing{};
  if (!tracing) return std::unexpected(tracing.error());
  // A gate judges counts and untraced times: neither needs to be corrected.
  if (may_trace && !options.calibrate && can_be_corrected(*plan, tracing->events)) add_nested(*plan);
  std::optional<TemporaryDirectory> temporary;
  if (options.keep.empty()) {
    auto made = TemporaryDirectory::make();
    if (!made) return pass_on(made);
    temporary.emplace(std::move(*made));
  } else if (auto made = make_run_directory(options.keep); !made) {
    return pass_on(made);
  }
  const auto directory = temporary ? temporary->path() : options.keep;

  RunRecord record = describe_run(*plan, Summary::Kind::kCompare, may_trace, *tracing);
  if (!options.measure.untraced) record.missing = machine.missing();
  SummaryBuilder builder;
  const MeasureSetting setting{.round = {.directory = directory,
                                         .events = tracing->events,
                                         .capture = tracing->capture.capture,
                                         .interrupt_fd = interrupt.fd()},
                               .recordings = temporary ? Recordings::kDrop : Recordings::kKeep};
  const auto measured = measure(*plan, setting, record, builder);
  if (!measured) return std::unexpected(measured.error());
  if (record.runs.empty()) return fail(ErrorKind::kInterrupted, "interrupted before the first run was finished");
  add_refused_counters(record);
  Summary summary = summary_of(record, builder);
  if (!temporary) {
    if (auto kept = keep_functions(tracing->events, directory); !kept) return pass_on(kept);
    if (auto kept = keep(directory, record, summary); !kept) return pass_on(kept);
  }
  return summary;
}

namespace {

/// The comparisons that are asked for: one, or one for each value of a list, which has its own directory to keep.
std::vector<CompareOptions> comparisons_of(const CompareOptions& options) {
  const auto& sweep = options.measure.sweep;
  if (!sweep) return {options};
  std::vector<CompareOptions> comparisons;
  comparisons.reserve(sweep->values.size());
  for (const double value : sweep->values) {
    CompareOptions& one = comparisons.emplace_back(options);
    one.measure = with_value(options.measure, sweep->by, value);
    if (!options.keep.empty()) one.keep /= fmt::format("{}", value);
  }
  return comparisons;
}

/// A page shows what is in the recordings: they are kept as long as it takes.
struct KeptForPage {
  CompareOptions options;
  std::optional<TemporaryDirectory> temporary;
};

Result<KeptForPage> kept_for_page(const CompareOptions& options) {
  KeptForPage kept{.options = options, .temporary = std::nullopt};
  if (options.output.format != Format::kHtml || !options.keep.empty()) return kept;
  auto made = TemporaryDirectory::make();
  if (!made) return pass_on(made);
  kept.options.keep = made->path() / "run";
  kept.temporary.emplace(std::move(*made));
  return kept;
}

Result<int> compare_all(const CompareOptions& options, const Interrupt& interrupt) {
  const std::vector<CompareOptions> comparisons = comparisons_of(options);
  // Before anything is measured: what is wrong with a later value must not cost the time of the earlier ones.
  for (const CompareOptions& one : comparisons) {
    const auto variants = variants_of(one.measure, one.a, one.b);
    if (!variants) return std::unexpected(variants.error());
    if (auto plan = make_plan(*variants, false, allowed_cpus()); !plan) return pass_on(plan);
  }
  if (!options.measure.raw_file.empty()) {
    if (auto emptied = write_file(options.measure.raw_file, ""); !emptied) return pass_on(emptied);
  }
  const auto swept = options.measure.sweep.value_or(SweptOption{.by = SweptBy::kSize, .values = {0}});
  Sweep sweep{.by = swept.by, .points = {}};
  std::vector<std::filesystem::path> directories;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    auto summary = compare_once(comparisons[i], interrupt);
    if (!summary && (summary.error().kind != ErrorKind::kInterrupted || i == 0)) return pass_on(summary);
    if (!summary) break;
    sweep.points.push_back({.value = swept.values[i], .summary = std::move(*summary)});
    directories.push_back(comparisons[i].keep);
    if (sweep.points.back().summary.interrupted) break;
  }
  if (auto written = write_compared(sweep, directories, options.output); !written) return pass_on(written);
  const bool is_whole = sweep.points.size() == comparisons.size() && !sweep.points.back().summary.interrupted;
  return is_whole ? 0 : kInterruptedStatus;
}

}  // namespace

Result<int> run_command(const CompareOptions& options, const Interrupt& interrupt) {
  if (auto can = check_output(options.output); !can) return pass_on(can);
  const auto kept = kept_for_page(options);
  if (!kept) return std::unexpected(kept.error());
  return compare_all(kept->options, interrupt);
}

Result<int> run_command(const RecordOptions& options, const Interrupt& interrupt) {
  if (options.measure.sweep) {
    return fail(ErrorKind::kUsage, "one --{} makes a recording, not a list (see sockscope record --help)",
                name_of(options.measure.sweep->by));
  }
  const Capabilities machine = examine(kTracefsMount);
  if (!machine.can_trace()) {
    const Missing first = machine.missing().front();
    return fail(ErrorKind::kEnvironment, "cannot trace here: {}; fix: {} (sockscope doctor says more)", first.what,
                first.fix);
  }
  const std::array protocols{options.protocol};
  MeasureOptions once = options.measure;
  once.rounds = 1;
  auto plan = make_plan(of_protocols(once, protocols), true, allowed_cpus());
  if (!plan) return pass_on(plan);
  plan->steps = {{.round = 1, .variant = 0, .watch = Watch::kPerf}};
  const auto tracing = tracing_for(*plan, options.trace);
  if (!tracing) return std::unexpected(tracing.error());
  if (auto made = make_run_directory(options.directory); !made) return pass_on(made);

  RunRecord record = describe_run(*plan, Summary::Kind::kReport, true, *tracing);
  SummaryBuilder builder;
  const MeasureSetting setting{.round = {.directory = options.directory,
                                         .events = tracing->events,
                                         .capture = tracing->capture.capture,
                                         .interrupt_fd = interrupt.fd()},
                               .recordings = Recordings::kKeep};
  const auto measured = measure(*plan, setting, record, builder);
  if (!measured) return std::unexpected(measured.error());
  if (record.interrupted) return fail(ErrorKind::kInterrupted, "interrupted, nothing was recorded");
  if (auto kept = keep_functions(tracing->events, options.directory); !kept) return pass_on(kept);
  if (auto kept = keep(options.directory, record, summary_of(record, builder)); !kept) return pass_on(kept);
  fmt::print(stderr, "sockscope: recorded {}; read it with: sockscope report {}\n",
             (options.directory / record.runs.front().recording).string(), options.directory.string());
  return 0;
}

Result<int> run_command(const DiffOptions& options, const Interrupt& /*interrupt*/) {
  if (auto can = check_output(options.output); !can) return pass_on(can);
  for (const auto& path : {options.a, options.b}) {
    if (is_run_directory(path)) continue;
    return fail(ErrorKind::kInput, "{} is not a run directory, as compare --keep DIR leaves one", path.string());
  }
  const auto a = summarise(options.a);
  if (!a) return std::unexpected(a.error());
  const auto b = summarise(options.b);
  if (!b) return std::unexpected(b.error());
  const RunDiffReport report{.a = {.path = options.a.string(), .title = a->title},
                             .b = {.path = options.b.string(), .title = b->title},
                             .diff = diff_runs(*a, *b, {})};
  if (report.diff.variants.empty()) {
    return fail(ErrorKind::kInput, "{} and {} have no variant in common: {} against {}", options.a.string(),
                options.b.string(), fmt::join(report.diff.only_in_a, ", "), fmt::join(report.diff.only_in_b, ", "));
  }
  if (auto written = write_diff(report, *a, *b, options.output); !written) return pass_on(written);
  return 0;
}

Result<int> run_command(const ReportOptions& options, const Interrupt& /*interrupt*/) {
  if (auto can = check_output(options.output); !can) return pass_on(can);
  if (auto can = check_not_recording(options.output.file, options.path); !can) return pass_on(can);
  const InputKind kind = input_kind_of(options.path);
  if (kind == InputKind::kTraceDat && options.path != "-") {
    const auto reported = report_trace_dat_calls(options);
    if (!reported) return std::unexpected(reported.error());
    if (*reported) return 0;
  }
  if (kind == InputKind::kText) {
    if (auto reported = report_call_text(options); !reported) return pass_on(reported);
    return 0;
  }
  if (options.output.format == Format::kTree) {
    return fail(ErrorKind::kUsage, "--format tree is of traces of ftrace's function_graph, and {} is none",
                options.path.string());
  }
  if (options.output.format == Format::kHtml) return report_page(options);
  if (is_export(options.output.format)) {
    if (auto exported = export_recordings(options); !exported) return pass_on(exported);
    return 0;
  }
  auto summary = summarise(options.path);
  if (!summary) return pass_on(summary);
  if (auto written = write_report(*summary, options.output); !written) return pass_on(written);
  return 0;
}

Result<int> run_command(const DoctorOptions& /*options*/, const Interrupt& /*interrupt*/) {
  Capabilities machine = examine(kTracefsMount);
  machine.checks.push_back(topologies_check());
  machine.checks.push_back(leftovers_check("/proc"));
  if (auto written = write_stdout(render_checks(machine)); !written) return pass_on(written);
  return machine.can_trace() ? 0 : exit_status_of(ErrorKind::kEnvironment);
}

Result<int> run_command(const LttngScriptOptions& options, const Interrupt& /*interrupt*/) {
  const std::string script = lttng_script();
  auto written = options.file.empty() ? write_stdout(script) : write_file(options.file, script);
  if (!written) return pass_on(written);
  return 0;
}

Result<int> run_command(const ShowText& options, const Interrupt& /*interrupt*/) {
  if (auto written = write_stdout(options.text); !written) return pass_on(written);
  return 0;
}

int exit_status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return 2;
    case ErrorKind::kEnvironment:
      return 3;
    case ErrorKind::kInput:
      return 4;
    case ErrorKind::kInterrupted:
      return kInterruptedStatus;
  }
  return 3;
}

}  // namespace sockscope

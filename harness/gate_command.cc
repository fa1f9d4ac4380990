#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "analysis/gate.h"
#include "harness/baseline_file.h"
#include "harness/commands.h"
#include "harness/environment.h"
#include "harness/fingerprint.h"
#include "harness/gate_measurement.h"
#include "harness/gate_self_test_command.h"
#include "harness/keep_baseline.h"
#include "harness/microbench_results.h"
#include "harness/output.h"
#include "harness/plan_text.h"
#include "harness/plan_words.h"
#include "harness/run_directory.h"
#include "harness/variant_options.h"
#include "harness/version.h"
#include "report/gate_report.h"

namespace sockscope {
namespace {

constexpr int kRegressedStatus = 1;

int exit_status_of(GateVerdict verdict) {
  if (verdict == GateVerdict::kRegressed) return kRegressedStatus;
  return verdict == GateVerdict::kCannotTell ? exit_status_of(ErrorKind::kEnvironment) : 0;
}

/// A gate between two of its measurements.
struct Gate {
  const GateOptions& options;
  std::vector<std::string> plan;
  GateReport report;
  std::vector<GateFigure> figures;  ///< Of all measurements so far.
  std::vector<GateDoubt> doubts;    ///< Of the last one.
  double disturbed = 0;             ///< Of all, in the mean.
};

void add(Gate& gate, const GateMeasurement& measurement) {
  pool(gate.figures, measurement.figures);
  gate.doubts = measurement.doubts;
  gate.report.environment = measurement.environment;
  gate.report.title = measurement.title;
  ++gate.report.measurements;
  gate.disturbed += (measurement.disturbed - gate.disturbed) / gate.report.measurements;
  for (const VariantRuns& variant : measurement.variants) {
    const auto same = std::ranges::find(gate.report.variants, variant.key, &VariantRuns::key);
    if (same == gate.report.variants.end()) {
      gate.report.variants.push_back(variant);
    } else {
      same->runs.insert(same->runs.end(), variant.runs.begin(), variant.runs.end());
    }
  }
}

/// Green is believed at once, red only if it is seen again, in more runs.
bool is_over(const Gate& gate, const GateResult& look) {
  if (gate.report.measurements > gate.options.retries) return true;
  if (look.verdict == GateVerdict::kRegressed) return gate.report.measurements > 1;
  return look.verdict != GateVerdict::kCannotTell;
}

Result<> measure_until_told(Gate& gate, const Interrupt& interrupt) {
  GateResult previous;
  for (unsigned attempt = 1;; ++attempt) {
    const auto keep = gate.options.keep.empty() ? gate.options.keep : gate.options.keep / std::to_string(attempt);
    const auto measurement = measure_for_gate(gate.plan, keep, interrupt);
    if (!measurement) return std::unexpected(measurement.error());
    add(gate, *measurement);
    const GateResult look =
        judge(gate.report.baseline, gate.figures,
              {.min_effect = gate.options.min_effect, .doubts = gate.doubts, .disturbed = gate.disturbed});
    gate.report.result = attempt == 1 ? look : confirmed(look, previous);
    if (is_over(gate, gate.report.result)) return {};
    fmt::print(stderr, "sockscope: measurement {}: {}; measuring again\n", attempt, headline_of(gate.report));
    previous = look;
  }
}

/// One measurement, which somebody else made: there is no second one to confirm it by.
Result<> read_benchmarks(Gate& gate) {
  const auto measurement = read_microbench(gate.options.benchmarks);
  if (!measurement) return std::unexpected(measurement.error());
  add(gate, *measurement);
  gate.report.result = judge(gate.report.baseline, gate.figures, {.min_effect = gate.options.min_effect});
  return {};
}

Result<> write_reports(const GateOptions& options, const GateReport& report) {
  struct Output {
    const std::filesystem::path& file;
    std::string (*render)(const GateReport&);
  };
  for (const Output& output :
       {Output{options.junit, render_junit}, Output{options.markdown, render_gate_markdown},
        Output{options.openmetrics, render_openmetrics}, Output{options.google_benchmark, render_google_benchmark}}) {
    if (output.file.empty()) continue;
    if (auto written = write_file(output.file, output.render(report)); !written) return written;
    give_to_invoker(output.file);
  }
  return write_stdout(render_gate_table(report));
}

/// What was measured takes the baseline's place. The limits stay where the machine did: its noise is the same.
Result<> update(const Gate& gate, const std::filesystem::path& path) {
  const Baseline& before = gate.report.baseline;
  for (const FigureJudgement& one : gate.report.result.figures) {
    if (!one.now.runs.empty()) continue;
    return fail(ErrorKind::kEnvironment, "{} is not updated, since {} is missing: {}", path.string(), one.now.name,
                one.reason);
  }
  const GateMeasurement measurement{.figures = gate.figures,
                                    .doubts = {},
                                    .variants = {},
                                    .environment = gate.report.environment,
                                    .title = gate.report.title,
                                    .disturbed = gate.disturbed};
  Baseline after = baseline_of(before.name, gate.plan, measurement);
  auto changes = machine_differences(before.machine, after.machine);
  if (changes.empty()) {
    after.self_test = before.self_test;
    for (BaselineFigure& one : after.figures) {
      const auto was = std::ranges::find(before.figures, one.figure.name,
                                         [](const BaselineFigure& figure) { return figure.figure.name; });
      if (was != before.figures.end()) one.limit = was->limit;
    }
  }
  for (std::string& change : baseline_changes(before, after)) changes.push_back(std::move(change));
  if (auto kept = keep_baseline(path, after); !kept) return kept;
  std::string text = fmt::format("\nupdated {}:{}\n", path.string(), changes.empty() ? " nothing changed" : "");
  for (const std::string& change : changes) text += fmt::format("  {}\n", change);
  return write_stdout(text);
}

/// A plan without traces says nothing about what only traces tell.
void leave_out_traced(Baseline& baseline) {
  std::erase_if(baseline.figures, [](const BaselineFigure& one) { return one.figure.is_traced; });
}

/// A plan that is no compare's has none.
std::string topology_in(const std::vector<std::string>& words) {
  const auto options = parse_plan(words);
  if (!options) return {};
  const auto variants = variants_of(options->measure, options->a, options->b);
  if (!variants) return {};
  RunPlan plan;
  for (const VariantOptions& one : *variants) {
    plan.variants.push_back({.variant = one.variant, .workload = {.topology = one.measure.topology}});
  }
  return topology_of(plan);
}

/// What lies between the ends is a part of the machine, although a plan can say it.
std::vector<std::string> topology_differences(const std::vector<std::string>& baseline,
                                              const std::vector<std::string>& plan) {
  const std::string then = topology_in(baseline);
  const std::string now = topology_in(plan);
  if (then == now) return {};
  return {fmt::format("topology: the baseline's is {}, this plan's is {}", then, now)};
}

Result<Gate> prepare(const GateOptions& options, const Baseline& baseline) {
  Gate gate{.options = options, .plan = {}, .report = {}, .figures = {}, .doubts = {}, .disturbed = 0};
  gate.report.baseline = baseline;
  gate.report.version = kVersion;
  gate.report.title = baseline.title;
  gate.report.environment = describe_environment("/");
  const bool is_of_benchmarks = std::ranges::find(baseline.plan, kMicrobenchPlan) != baseline.plan.end();
  if (is_of_benchmarks != !options.benchmarks.empty()) {
    return fail(ErrorKind::kUsage, "the baseline {} {}", baseline.name,
                is_of_benchmarks ? "is of socket_bench: give its results with --benchmarks FILE"
                                 : "is of compare: --benchmarks FILE has none of its figures");
  }
  if (is_of_benchmarks) {
    gate.plan = baseline.plan;
    return gate;
  }
  if (const auto stored = parse_plan(baseline.plan); !stored) {
    return fail(ErrorKind::kInput, "the plan of the baseline {}: {}", baseline.name, stored.error().message);
  }
  auto plan = merge_plans(baseline.plan, options.plan);
  if (!plan) return pass_on(plan);
  const auto measured = parse_plan(*plan);
  if (!measured) return std::unexpected(measured.error());
  gate.plan = std::move(*plan);
  if (measured->measure.untraced) leave_out_traced(gate.report.baseline);
  return gate;
}

}  // namespace

Result<int> run_command(const GateOptions& options, const Interrupt& interrupt) {
  if (options.self_test) return run_self_test(options, interrupt);
  const Facts machine = machine_facts(describe_environment("/"));
  const auto path = find_baseline(options.baseline, machine);
  if (!path) return std::unexpected(path.error());
  const auto baseline = load_baseline(*path);
  if (!baseline) return std::unexpected(baseline.error());
  auto gate = prepare(options, *baseline);
  if (!gate) return pass_on(gate);

  const auto started = std::chrono::steady_clock::now();
  auto differences = machine_differences(baseline->machine, machine);
  for (std::string& difference : topology_differences(baseline->plan, gate->plan)) {
    differences.push_back(std::move(difference));
  }
  if (differences.empty() || options.update) {
    auto measured = options.benchmarks.empty() ? measure_until_told(*gate, interrupt) : read_benchmarks(*gate);
    if (!measured) return pass_on(measured);
  } else {
    gate->report.result.reasons = differences;
  }
  gate->report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (auto written = write_reports(options, gate->report); !written) return pass_on(written);
  if (!options.update) return exit_status_of(gate->report.result.verdict);
  if (auto updated = update(*gate, *path); !updated) return pass_on(updated);
  return 0;
}

}  // namespace sockscope

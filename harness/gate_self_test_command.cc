#include "harness/gate_self_test_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/figure_change.h"
#include "analysis/gate_self_test.h"
#include "harness/baseline_file.h"
#include "harness/environment.h"
#include "harness/fingerprint.h"
#include "harness/keep_baseline.h"
#include "harness/output.h"
#include "harness/plan_words.h"
#include "report/gate_text.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kSeed = 1;

/// The untraced median round trip of the fastest variant.
double fastest_round_trip_ns(const GateMeasurement& measurement) {
  double fastest = 0;
  for (const VariantRuns& variant : measurement.variants) {
    if (variant.key == kCalibrationVariant) continue;
    std::vector<double> medians;
    for (const RunFigures& run : variant.runs) {
      for (const auto& [name, value] : run.values) {
        if (run.watched == Watched::kUntraced && name == "rtt_p50_ns") medians.push_back(value);
      }
    }
    if (medians.empty()) continue;
    fastest = fastest == 0 ? median_of(medians) : std::min(fastest, median_of(medians));
  }
  return fastest;
}

/// A tenth of the round trip, which is what a gate on such machines can promise; none of what has no round trips.
std::uint64_t delay_for(const GateMeasurement& measurement) {
  return static_cast<std::uint64_t>(std::llround(fastest_round_trip_ns(measurement) / 10));
}

unsigned runs_of(const std::vector<GateFigure>& figures) {
  std::size_t most = 0;
  for (const GateFigure& figure : figures) most = std::max(most, figure.runs.size());
  return static_cast<unsigned>(most);
}

Result<SelfTestRuns> measure_self_test(const std::vector<std::string>& plan, const Interrupt& interrupt) {
  SelfTestRuns runs;
  std::vector<std::string> delayed = plan;
  for (const char* part : {"identical runs", "identical runs once more"}) {
    fmt::print(stderr, "sockscope: self-test: {}\n", part);
    const auto measurement = measure_for_gate(plan, {}, interrupt);
    if (!measurement) return std::unexpected(measurement.error());
    for (const GateDoubt& doubt : measurement->doubts) fmt::print(stderr, "sockscope: self-test: {}\n", doubt.reason);
    pool(runs.identical, measurement->figures);
    runs.injected_ns = delay_for(*measurement);
  }
  if (runs.injected_ns == 0) return runs;
  fmt::print(stderr, "sockscope: self-test: runs with {} ns put in\n", runs.injected_ns);
  delayed.push_back(fmt::format("--inject-delay={}", runs.injected_ns));
  const auto measurement = measure_for_gate(delayed, {}, interrupt);
  if (!measurement) return std::unexpected(measurement.error());
  runs.delayed = measurement->figures;
  return runs;
}

/// The baseline keeps its figures, and takes the limits.
Result<> keep_limits(const std::filesystem::path& path, Baseline baseline, const SelfTestResult& result) {
  baseline.self_test = result.test;
  for (BaselineFigure& one : baseline.figures) {
    const auto found = std::ranges::find(result.figures, one.figure.name,
                                         [](const BaselineFigure& figure) { return figure.figure.name; });
    if (found != result.figures.end()) one.limit = found->limit;
  }
  return keep_baseline(path, baseline);
}

std::string text_of(const SelfTestResult& result) {
  Baseline tested;
  tested.self_test = result.test;
  std::string text = fmt::format("sockscope gate --self-test\n{}\n\nlimits on this machine:\n", gate_self_test(tested));
  for (const BaselineFigure& one : result.figures) {
    if (!one.limit) continue;
    const bool is_time = one.figure.figure_class == FigureClass::kTime;
    text += fmt::format("  {:<34}{}\n", one.figure.name,
                        is_time ? fmt::format("{:.1f} %", *one.limit * 100) : fmt::format("{:.3f}", *one.limit));
  }
  return text;
}

}  // namespace

Result<int> run_self_test(const GateOptions& options, const Interrupt& interrupt) {
  Baseline baseline;
  std::filesystem::path path;
  if (!options.baseline.empty()) {
    const Facts machine = machine_facts(describe_environment("/"));
    const auto found = find_baseline(options.baseline, machine);
    if (!found) return std::unexpected(found.error());
    auto loaded = load_baseline(*found);
    if (!loaded) return pass_on(loaded);
    if (const auto differences = machine_differences(loaded->machine, machine); !differences.empty()) {
      return fail(ErrorKind::kEnvironment, "{} is of another machine: {}", found->string(), differences.front());
    }
    path = *found;
    baseline = std::move(*loaded);
  }
  const auto plan = merge_plans(baseline.plan, options.plan);
  if (!plan) return std::unexpected(plan.error());
  const auto runs = measure_self_test(*plan, interrupt);
  if (!runs) return std::unexpected(runs.error());
  SelfTestResult result = self_test(*runs, kSeed);
  result.test.made = time_of_day();
  result.test.rounds = runs_of(runs->identical);
  if (!path.empty()) {
    if (auto kept = keep_limits(path, std::move(baseline), result); !kept) return pass_on(kept);
  }
  if (auto written = write_stdout(text_of(result)); !written) return pass_on(written);
  return 0;
}

}  // namespace sockscope

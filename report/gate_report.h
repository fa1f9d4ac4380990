#pragma once

#include <string>
#include <vector>

#include "analysis/gate.h"
#include "analysis/gate_figures.h"
#include "analysis/summary.h"

/// What a gate found, for people and for the programs that CI runs on it. The writers are pure: text comes back.
namespace sockscope {

struct GateReport {
  Baseline baseline;
  GateResult result;
  std::string title;  ///< What was measured how, in one line; as the baseline's but for what was changed.
  Facts environment;  ///< Of now.
  std::vector<VariantRuns> variants;  ///< Every run that was judged.
  unsigned measurements = 0;          ///< How often the plan was measured.
  double seconds = 0;                 ///< How long that took.
  std::string version;                ///< Of sockscope.
};

/// "regressed: 1 of 14 figures (tcp.syscalls)", in one line.
std::string headline_of(const GateReport& report);

/// For a terminal: the verdict with its reasons, then a line a figure.
std::string render_gate_table(const GateReport& report);

/// For a step summary or a comment: the verdict first, the figures, the machine.
std::string render_gate_markdown(const GateReport& report);

/// A test suite, a test case a figure: red is a failure, cannot-tell an error, what could not decide is skipped. The
/// values are properties.
std::string render_junit(const GateReport& report);

/// For node_exporter's textfile collector.
std::string render_openmetrics(const GateReport& report);

/// As Google Benchmark writes it, a repetition a run: for its compare.py.
std::string render_google_benchmark(const GateReport& report);

}  // namespace sockscope

#include "tests/report/sample_gate_reports.h"

#include <array>
#include <utility>

namespace sockscope::testing {
namespace {

GateFigure count(const std::string& name, std::vector<double> runs) {
  return {.name = name, .variant = name.substr(0, 3), .is_traced = true, .runs = std::move(runs)};
}

GateFigure ratio(const std::string& name, double factor) {
  GateFigure figure{
      .name = name, .variant = name.substr(0, 3), .figure_class = FigureClass::kTime, .is_traced = false, .runs = {}};
  for (const double run : {2000, 2010, 1990, 2020, 1980, 2000, 2005, 1995}) {
    figure.runs.push_back(run * factor);
    figure.bases.push_back(1000);
  }
  return figure;
}

Baseline baseline() {
  Baseline made;
  made.name = "one-cpu <&\"|>";
  made.made = "2026-11-26 02:00 UTC";
  made.title = "echo of 64 bytes, both ends on CPU 0, 8 rounds of 10000 round trips";
  made.plan = {"--rounds", "8"};
  for (const GateFigure& figure :
       {count("tcp.syscalls", {4, 4, 4}), count("udp.syscalls", {4.001, 4}), count("udp.skbs", {2}),
        ratio("tcp.rtt_p50/calibration", 1), ratio("udp.rtt_p50/calibration", 1)}) {
    made.figures.push_back({figure, std::nullopt});
  }
  return made;
}

GateReport report_on(const std::vector<GateFigure>& now) {
  GateReport report;
  report.baseline = baseline();
  report.title = report.baseline.title;
  const std::array doubts{GateDoubt{"udp", "12 events were lost"}};
  report.result = judge(report.baseline, now, {.doubts = doubts});
  report.environment = {{"kernel", "6.18.44"}, {"cpu", "A & B <\"quoted\"> | piped"}};
  report.measurements = 2;
  report.seconds = 61.5;
  report.version = "0.1.0";
  for (const auto& [key, p50] : {std::pair{"tcp", 13'000.0}, {"udp", 10'400.0}, {"calibration", 5'900.0}}) {
    VariantRuns variant{.key = key, .runs = {}};
    for (unsigned round = 1; round <= 10; ++round) {
      variant.runs.push_back({.round = round,
                              .watched = Watched::kUntraced,
                              .values = {{"rtt_p50_ns", p50 + 10 * round}, {"rtt_mean_ns", p50 + 500 + 7 * round}}});
      variant.runs.push_back({.round = round, .watched = Watched::kTraced, .values = {{"syscalls", 4}}});
    }
    report.variants.push_back(std::move(variant));
  }
  return report;
}

}  // namespace

GateReport red_gate() {
  GateReport report = report_on({count("tcp.syscalls", {6.001, 6}), count("udp.syscalls", {3}),
                                 ratio("tcp.rtt_p50/calibration", 1.2), ratio("udp.rtt_p50/calibration", 1.01)});
  report.baseline.self_test = SelfTest{.made = "2026-11-26 02:10 UTC",
                                       .rounds = 40,
                                       .splits = 200,
                                       .false_alarm_rate = 0.005,
                                       .smallest_change = 0.07,
                                       .injected_ns = 900,
                                       .injected_change = 0.08,
                                       .injected_caught_rate = 0.93};
  return report;
}

GateReport green_gate() {
  std::vector<GateFigure> now;
  for (const BaselineFigure& before : baseline().figures) now.push_back(before.figure);
  return report_on(now);
}

GateReport other_machine() {
  GateReport report = report_on({});
  report.result.figures.clear();
  report.result.reasons = {"kernel: the baseline's is 6.1.0, this machine's is 6.18.44"};
  report.variants.clear();
  return report;
}

}  // namespace sockscope::testing

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "analysis/figure_change.h"
#include "report/gate_report.h"

namespace sockscope {
namespace {

constexpr std::array kVerdicts{GateVerdict::kUnchanged, GateVerdict::kBetter, GateVerdict::kRegressed,
                               GateVerdict::kCannotTell};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    if (character == '\\' || character == '"') out += '\\';
    out += character == '\n' ? "\\n" : std::string(1, character);
  }
  return out;
}

/// One metric family: its head, then its samples.
class Family {
 public:
  Family(std::string_view name, std::string_view unit, std::string_view help) : name_(name) {
    text_ = fmt::format("# TYPE {} gauge\n", name);
    if (!unit.empty()) text_ += fmt::format("# UNIT {} {}\n", name, unit);
    text_ += fmt::format("# HELP {} {}\n", name, help);
  }

  void add(std::string_view labels, double value) { text_ += fmt::format("{}{{{}}} {:.9g}\n", name_, labels, value); }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string_view name_;
  std::string text_;
};

std::string label(std::string_view name, std::string_view value) {
  return fmt::format("{}=\"{}\"", name, escaped(value));
}

std::string figure_labels(const GateReport& report, const FigureJudgement& one) {
  return fmt::format("{},{},{}", label("baseline", report.baseline.name), label("figure", one.now.name),
                     label("class", name_of(one.now.figure_class)));
}

std::string verdicts(const GateReport& report) {
  Family family("sockscope_gate_verdict", "", "1 for the verdict of the gate, 0 for the other three.");
  for (const GateVerdict verdict : kVerdicts) {
    family.add(label("baseline", report.baseline.name) + "," + label("verdict", name_of(verdict)),
               report.result.verdict == verdict ? 1 : 0);
  }
  return family.text();
}

std::string figures(const GateReport& report) {
  Family now("sockscope_gate_figure_now", "",
             "A figure as measured now: a count per round trip, or a ratio of two times of one round.");
  Family before("sockscope_gate_figure_baseline", "", "The same figure as the baseline has it.");
  Family limit("sockscope_gate_figure_limit", "", "How far a count may be off, or the smallest effect of a time.");
  Family red("sockscope_gate_figure_regressed", "", "1 if this figure got worse.");
  for (const FigureJudgement& one : report.result.figures) {
    const std::string labels = figure_labels(report, one);
    if (one.now_value) now.add(labels, *one.now_value);
    if (one.before_value) before.add(labels, *one.before_value);
    limit.add(labels, one.limit);
    red.add(labels, one.verdict == GateVerdict::kRegressed ? 1 : 0);
  }
  return now.text() + before.text() + limit.text() + red.text();
}

std::string round_trips(const GateReport& report) {
  Family family("sockscope_round_trip_seconds", "seconds",
                "The middle of the runs' median round trips, untraced; calibration is a loop without sockets.");
  for (const VariantRuns& variant : report.variants) {
    std::vector<double> medians;
    for (const RunFigures& run : variant.runs) {
      if (run.watched != Watched::kUntraced) continue;
      for (const auto& [name, value] : run.values) {
        if (name == "rtt_p50_ns") medians.push_back(value / 1e9);
      }
    }
    if (medians.empty()) continue;
    family.add(label("baseline", report.baseline.name) + "," + label("variant", variant.key), median_of(medians));
  }
  return family.text();
}

}  // namespace

std::string render_openmetrics(const GateReport& report) {
  Family measurements("sockscope_gate_measurements", "", "How often the plan was measured before the verdict.");
  measurements.add(label("baseline", report.baseline.name), report.measurements);
  Family duration("sockscope_gate_duration_seconds", "seconds", "How long that took.");
  duration.add(label("baseline", report.baseline.name), report.seconds);
  return verdicts(report) + figures(report) + round_trips(report) + measurements.text() + duration.text() + "# EOF\n";
}

}  // namespace sockscope

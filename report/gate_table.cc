#include <fmt/format.h>

#include "report/gate_report.h"
#include "report/gate_text.h"
#include "report/grid.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 34;

}  // namespace

std::string render_gate_table(const GateReport& report) {
  std::string text = fmt::format("sockscope gate: {}\n{}\n\nbaseline {} of {}, measured {} time{}\n", report.title,
                                 headline_of(report), report.baseline.name, report.baseline.made, report.measurements,
                                 report.measurements == 1 ? "" : "s");
  for (const std::string& reason : report.result.reasons) text += fmt::format("  {}\n", reason);
  if (const std::string test = gate_self_test(report.baseline); !test.empty()) text += fmt::format("{}\n", test);
  if (report.result.figures.empty()) return text;
  Grid grid(kLabelWidth, {{"baseline", 10}, {"now", 10}, {"change", 24}, {"limit", 10}, {"verdict", 13}});
  for (const FigureJudgement& one : report.result.figures) {
    const std::string verdict = std::string(name_of(one.verdict)) + (one.decides ? "" : " *");
    grid.add_row("  " + one.now.name, {{gate_value(one.before_value)},
                                       {gate_value(one.now_value)},
                                       {gate_change(one)},
                                       {gate_limit(one)},
                                       {verdict}});
  }
  text += "\n" + grid.render(Style(false));
  for (const FigureJudgement& one : report.result.figures) {
    if (one.decides) continue;
    text += "  *: does not decide, " + one.reason + "\n";
    break;
  }
  return text;
}

}  // namespace sockscope

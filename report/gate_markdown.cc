#include <fmt/format.h>

#include <string_view>

#include "report/gate_report.h"
#include "report/gate_text.h"

namespace sockscope {
namespace {

/// What would end a cell of a table, or begin markup.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    if (character == '\n') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\|*_`<>[]").find(character) != std::string_view::npos) out += '\\';
    out += character;
  }
  return out;
}

std::string_view mark_of(GateVerdict verdict) {
  switch (verdict) {
    case GateVerdict::kRegressed:
      return "❌ ";
    case GateVerdict::kCannotTell:
      return "❔ ";
    case GateVerdict::kBetter:
    case GateVerdict::kUnchanged:
      break;
  }
  return "✅ ";
}

std::string figure_rows(const GateReport& report) {
  std::string text = "| figure | baseline | now | change | limit | verdict |\n|---|--:|--:|--:|--:|---|\n";
  for (const FigureJudgement& one : report.result.figures) {
    const std::string_view strong = one.verdict == GateVerdict::kRegressed ? "**" : "";
    text += fmt::format("| {} | {} | {} | {} | {} | {}{}{}{} |\n", escaped(one.now.name), gate_value(one.before_value),
                        gate_value(one.now_value), escaped(gate_change(one)), gate_limit(one), strong,
                        name_of(one.verdict), strong, one.decides ? "" : " (does not decide)");
  }
  return text;
}

}  // namespace

std::string render_gate_markdown(const GateReport& report) {
  std::string text =
      fmt::format("## {}{}\n\n{}, against the baseline {} of {}, measured {} time{}.\n", mark_of(report.result.verdict),
                  escaped(headline_of(report)), escaped(report.title), escaped(report.baseline.name),
                  report.baseline.made, report.measurements, report.measurements == 1 ? "" : "s");
  if (!report.result.reasons.empty()) text += "\n";
  for (const std::string& reason : report.result.reasons) text += fmt::format("- {}\n", escaped(reason));
  if (!report.result.figures.empty()) text += "\n" + figure_rows(report);
  if (const std::string test = gate_self_test(report.baseline); !test.empty()) {
    text += fmt::format("\nThe gate's {}.\n", escaped(test));
  }
  text += "\n<details><summary>Machine</summary>\n\n| | |\n|---|---|\n";
  for (const auto& [name, value] : report.environment)
    text += fmt::format("| {} | {} |\n", escaped(name), escaped(value));
  return text + "\n</details>\n";
}

}  // namespace sockscope

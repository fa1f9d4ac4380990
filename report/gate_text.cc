#include "report/gate_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/gate_report.h"

namespace sockscope {

std::string gate_value(const std::optional<double>& value) { return value ? fmt::format("{:.3f}", *value) : "-"; }

std::string gate_change(const FigureJudgement& judgement) {
  if (!judgement.now_value || !judgement.before_value) return "-";
  if (judgement.now.figure_class == FigureClass::kCount) {
    return fmt::format("{:+.3f}", *judgement.now_value - *judgement.before_value);
  }
  if (!judgement.ratio) return "-";
  std::string text = fmt::format("{:.3f}", judgement.ratio->value);
  if (judgement.ratio->ci95) {
    text += fmt::format(" [{:.3f}, {:.3f}]", judgement.ratio->ci95->low, judgement.ratio->ci95->high);
  }
  return text;
}

std::string gate_limit(const FigureJudgement& judgement) {
  return judgement.now.figure_class == FigureClass::kCount ? fmt::format("{:.3f}", judgement.limit)
                                                           : fmt::format("{:.1f} %", judgement.limit * 100);
}

std::string gate_self_test(const Baseline& baseline) {
  if (!baseline.self_test) return {};
  const SelfTest& test = *baseline.self_test;
  std::string text =
      fmt::format("self-test of {}: {:.1f} % false alarms a measurement", test.made, test.false_alarm_rate * 100);
  if (test.smallest_change > 0) {
    text += fmt::format(", {:.1f} % slower is caught in 80 %", test.smallest_change * 100);
  }
  if (test.injected_ns > 0) {
    text += fmt::format("; {} ns put in made it {:.1f} % slower and were caught in {:.0f} %", test.injected_ns,
                        test.injected_change * 100, test.injected_caught_rate * 100);
  }
  return text;
}

std::string headline_of(const GateReport& report) {
  const GateResult& result = report.result;
  std::string names;
  std::size_t count = 0;
  for (const FigureJudgement& one : result.figures) {
    if (one.verdict != result.verdict || !one.decides) continue;
    ++count;
    names += (names.empty() ? "" : ", ") + one.now.name;
  }
  std::string text(name_of(result.verdict));
  if (result.verdict != GateVerdict::kUnchanged && count > 0) {
    text += fmt::format(": {} of {} figures ({})", count, result.figures.size(), names);
  } else if (result.verdict == GateVerdict::kUnchanged) {
    text += fmt::format(": {} figures", result.figures.size());
  }
  return text;
}

}  // namespace sockscope

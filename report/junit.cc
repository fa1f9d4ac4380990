#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "report/gate_report.h"
#include "report/gate_text.h"

namespace sockscope {
namespace {

/// XML 1.0 knows no control characters but three, whatever they are written as.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    switch (character) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(character) < 0x20 ? ' ' : character;
    }
  }
  return out;
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format(R"(<property name="{}" value="{}"/>)", escaped(name), escaped(value));
}

bool fails(const FigureJudgement& one) { return one.verdict == GateVerdict::kRegressed; }
bool is_open(const FigureJudgement& one) { return one.verdict == GateVerdict::kCannotTell && one.decides; }
bool is_skipped(const FigureJudgement& one) { return one.verdict == GateVerdict::kCannotTell && !one.decides; }

std::string outcome(const FigureJudgement& one) {
  const std::string reason = escaped(one.reason);
  if (fails(one)) return fmt::format("      <failure type=\"regressed\" message=\"{}\"/>\n", reason);
  if (is_open(one)) return fmt::format("      <error type=\"cannot-tell\" message=\"{}\"/>\n", reason);
  if (is_skipped(one)) return fmt::format("      <skipped message=\"{}\"/>\n", reason);
  return {};
}

std::string test_case(const GateReport& report, const FigureJudgement& one) {
  return fmt::format(
      "    <testcase classname=\"sockscope.gate.{}\" name=\"{}\" time=\"0\">\n"
      "      <properties>{}{}{}{}{}</properties>\n{}    </testcase>\n",
      escaped(report.baseline.name), escaped(one.now.name), property("baseline", gate_value(one.before_value)),
      property("now", gate_value(one.now_value)), property("change", gate_change(one)),
      property("limit", gate_limit(one)), property("verdict", name_of(one.verdict)), outcome(one));
}

/// A gate that found no figure to judge is a test, too: otherwise a dashboard sees an empty suite, which is green.
std::string whole_case(const GateReport& report) {
  std::string reasons;
  for (const std::string& reason : report.result.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
  return fmt::format(
      "    <testcase classname=\"sockscope.gate.{}\" name=\"gate\" time=\"0\">\n"
      "      <error type=\"cannot-tell\" message=\"{}\"/>\n    </testcase>\n",
      escaped(report.baseline.name), escaped(reasons));
}

}  // namespace

std::string render_junit(const GateReport& report) {
  const auto& figures = report.result.figures;
  const auto count = [&](auto is_such) { return std::ranges::count_if(figures, is_such); };
  const bool has_figures = !figures.empty();
  const std::string numbers = fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.3f}")",
                                          has_figures ? figures.size() : 1, count(fails),
                                          has_figures ? count(is_open) : 1, count(is_skipped), report.seconds);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sockscope gate\" {}>\n"
      "  <testsuite name=\"{}\" {}>\n    <properties>\n",
      numbers, escaped(report.baseline.name), numbers);
  const auto add = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("      {}\n", property(name, value));
  };
  add("verdict", name_of(report.result.verdict));
  add("measured", report.title);
  add("measurements", std::to_string(report.measurements));
  if (const std::string test = gate_self_test(report.baseline); !test.empty()) add("self-test", test);
  for (const auto& [name, value] : report.environment) add(name, value);
  text += "    </properties>\n";
  for (const FigureJudgement& one : figures) text += test_case(report, one);
  if (!has_figures) text += whole_case(report);
  return text + "  </testsuite>\n</testsuites>\n";
}

}  // namespace sockscope

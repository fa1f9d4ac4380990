#include "report/functions_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numeric>

#include "report/numbers.h"

namespace sockscope {
namespace {

std::string functions(std::size_t count) { return fmt::format("{} function{}", count, count == 1 ? "" : "s"); }

std::string in_each(const FunctionsReport& report, const std::array<double, 2>& rates) {
  return fmt::format("{} hits a {} in {}, {} in {}", format_rate(rates[0]), report.unit, report.sides[0].variant.label,
                     format_rate(rates[1]), report.sides[1].variant.label);
}

std::array<double, 2> added_up(const std::vector<ComparedFunction>& functions) {
  return std::accumulate(functions.begin(), functions.end(), std::array<double, 2>{},
                         [](std::array<double, 2> sum, const ComparedFunction& one) {
                           return std::array{sum[0] + one.rates[0], sum[1] + one.rates[1]};
                         });
}

std::string names_of(const std::vector<ComparedFunction>& functions) {
  std::vector<std::string_view> names;
  names.reserve(functions.size());
  for (const ComparedFunction& one : functions) names.emplace_back(one.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string format_rate(double rate) {
  if (!std::isfinite(rate)) return "-";
  if (rate == 0) return "0";
  if (rate < 0.0005) return "<0.001";
  return rate < 10 ? fmt::format("{:.3f}", rate) : fmt::format("{:.2f}", rate);
}

std::string answer_words(const FunctionsReport& report) {
  const FunctionComparison& compared = report.compared;
  return fmt::format("{} only in {}, {} only in {}, {} in both, of which {} differ{}",
                     functions(compared.only_a.size()), report.sides[0].variant.label, compared.only_b.size(),
                     report.sides[1].variant.label, compared.both.size(), compared.differing(),
                     compared.differing() == 1 ? "s" : "");
}

std::string hit_words(const FunctionsReport& report) {
  return report.are_calls ? "calls of the function" : "recorded events in whose call chain the function is";
}

std::string sample_words(const FunctionsReport& report) {
  return report.are_calls ? "calls of functions" : "events with their call chains";
}

std::string rule_words(const FunctionsReport& report) {
  return fmt::format(
      "Hits are {}. A function counts from {:g} hits a {} on and is absent below {:g}. It is only in one if each round "
      "of that has more of it than any round of the other. In both, a difference counts from {:g} on, and if it is "
      "larger than the A/A floor: half as much again as two rounds of the same variant differ by at most.",
      hit_words(report), report.rule.min_rate, report.unit, report.rule.absent_rate(), report.rule.min_rate);
}

std::vector<std::string> doubt_words(const FunctionsReport& report) {
  std::vector<std::string> doubts;
  if (report.interrupted) {
    doubts.push_back(fmt::format("interrupted: {} rounds of {} and {} of {} were finished", report.sides[0].rounds,
                                 report.sides[0].variant.label, report.sides[1].rounds, report.sides[1].variant.label));
  }
  if (report.lost_events() != 0) {
    doubts.push_back(
        fmt::format("{} of {} events were lost, {}: hits marked \"!\" are too few; a smaller --count loses none",
                    format_count(report.lost_events()),
                    format_count(report.lost_events() + report.sides[0].samples + report.sides[1].samples),
                    report.are_calls ? "ftrace's buffer was full" : "perf could not keep up"));
  }
  if (report.is_damaged) doubts.emplace_back("a recording is cut off or damaged: hits marked \"!\" are too few");
  if (!report.unresolved.empty()) {
    doubts.push_back(fmt::format("functions are given by address, one for each place: {}", report.unresolved));
  }
  return doubts;
}

std::vector<std::string> note_words(const FunctionsReport& report) {
  const FunctionComparison& compared = report.compared;
  std::vector<std::string> notes;
  if (!compared.unsettled.empty()) {
    notes.push_back(
        fmt::format("come and go between rounds of the same variant, so neither's: {}", names_of(compared.unsettled)));
  }
  notes.push_back(fmt::format("rarer than {:g} hits a {} in both: {}", report.rule.min_rate, report.unit,
                              functions(compared.rare.functions)));
  const std::uint64_t foreign = report.sides[0].foreign_samples + report.sides[1].foreign_samples;
  if (foreign != 0) {
    notes.push_back(fmt::format("events in other programs' threads, which a timer or a switch of ours came upon: {}",
                                format_count(foreign)));
  }
  if (compared.tracing.functions != 0) {
    notes.push_back(fmt::format("the tracing's own: {}, together {}", functions(compared.tracing.functions),
                                in_each(report, compared.tracing.rates)));
  }
  if (!compared.bpf_programs.empty()) {
    notes.push_back(fmt::format("another tracer is running, or a filter: BPF programs with {}: {}",
                                in_each(report, added_up(compared.bpf_programs)), names_of(compared.bpf_programs)));
  }
  if (!report.tracers.empty()) {
    notes.push_back(fmt::format("another tracer is running: {}", fmt::join(report.tracers, ", ")));
  }
  return notes;
}

}  // namespace sockscope

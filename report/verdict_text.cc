#include "report/verdict_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "report/numbers.h"

namespace sockscope {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kLabels{{
    {"rtt_p50_ns", "p50 of a round trip"},
    {"rtt_p90_ns", "p90"},
    {"rtt_p99_ns", "p99"},
    {"rtt_p999_ns", "p99.9"},
    {"rtt_mean_ns", "mean"},
    {"unit_ns", "time a unit"},
    {"cpu_time_ns", "CPU time"},
    {"counted_context_switches", "context switches"},
    {"syscalls", "system calls"},
    {"skbs", "packets queued (skbs)"},
    {"data_skbs", "skbs with data"},
    {"softirqs", "softirqs (NET_RX)"},
    {"context_switches", "context switches"},
    {"wakeups", "wake-ups"},
    {"socket_state_changes", "socket state changes"},
}};
constexpr std::string_view kMedian = "_p50_ns";

std::string percent_of(double fraction) { return fmt::format("{:g} %", std::round(fraction * 1e4) / 1e2); }

/// The interval of how much lower the lower one is: without signs, and the smaller bound first.
std::string amount_text(const ComparedFigure& figure) {
  const Estimate& difference = figure.result.difference;
  const auto format = [&figure](double value) { return format_figure(figure, std::abs(value)); };
  std::string text = format(difference.value) + (is_time(figure.name) ? " us" : "");
  if (!difference.ci95) return text;
  const bool is_negative = difference.value < 0;
  return fmt::format("{} [{}, {}]", text, format(is_negative ? difference.ci95->high : difference.ci95->low),
                     format(is_negative ? difference.ci95->low : difference.ci95->high));
}

std::string pairs_text(const ComparedFigure& figure) {
  return fmt::format("{} pair{} of runs", figure.pairs, figure.pairs == 1 ? "" : "s");
}

std::string cannot_tell_text(const ComparedFigure& figure) {
  const auto& more = figure.result.more_pairs;
  if (!more) return fmt::format("cannot tell from {}", pairs_text(figure));
  return fmt::format("cannot tell from {}: about {} more would", pairs_text(figure), *more);
}

}  // namespace

std::string interval_text(const Estimate& estimate, const std::function<std::string(double)>& format) {
  if (!estimate.ci95) return {};
  return fmt::format(" [{}, {}]", format(estimate.ci95->low), format(estimate.ci95->high));
}

std::string format_figure(const ComparedFigure& figure, double value) {
  return is_time(figure.name) ? format_us(value) : format_per_round_trip(value);
}

std::string difference_text(const ComparedFigure& figure) {
  const Estimate& difference = figure.result.difference;
  const auto format = [&figure](double value) { return format_figure(figure, value); };
  return with_sign(format(difference.value)) + interval_text(difference, format);
}

std::string ratio_text(const ComparedFigure& figure) {
  const Estimate& ratio = figure.result.ratio;
  if (ratio.value == 0) return "-";
  return format_per_round_trip(ratio.value) + interval_text(ratio, format_per_round_trip);
}

std::string verdict_text(const PairedRule& rule, const ComparedFigure& figure, const Variant& a, const Variant& b) {
  const std::string_view is_better = is_time(figure.name) ? "is faster" : "has fewer";
  switch (figure.result.verdict) {
    case Verdict::kALower:
      return fmt::format("{} {}", a.label, is_better);
    case Verdict::kBLower:
      return fmt::format("{} {}", b.label, is_better);
    case Verdict::kNoDifference:
      return fmt::format("the same within {}", percent_of(rule.smallest_effect));
    case Verdict::kCannotTell:
      break;
  }
  const auto& more = figure.result.more_pairs;
  return more ? fmt::format("cannot tell (+{})", *more) : "cannot tell";
}

std::string headline_text(const VariantComparison& comparison, const Variant& a, const Variant& b) {
  const ComparedFigure* const figure = comparison.headline();
  if (figure == nullptr) return {};
  const std::string what = label_of(*figure);
  const std::string values =
      fmt::format("{} against {}", format_figure(*figure, figure->result.a), format_figure(*figure, figure->result.b)) +
      (is_time(figure->name) ? " us" : "");
  switch (figure->result.verdict) {
    case Verdict::kALower:
    case Verdict::kBLower:
      return fmt::format("{} by {}: {}, {}, {}", verdict_text(comparison.rule, *figure, a, b), amount_text(*figure),
                         values, what, pairs_text(*figure));
    case Verdict::kNoDifference:
      return fmt::format("{} and {} are {}: {}, {}, {}", a.label, b.label, verdict_text(comparison.rule, *figure, a, b),
                         values, what, pairs_text(*figure));
    case Verdict::kCannotTell:
      break;
  }
  return fmt::format("{} ({}, {})", cannot_tell_text(*figure), values, what);
}

std::string label_of(const ComparedFigure& figure) {
  const auto known = std::ranges::find(kLabels, figure.name, &std::pair<std::string_view, std::string_view>::first);
  if (known != kLabels.end()) return std::string(known->second);
  std::string name = figure.name;
  const bool is_median = name.ends_with(kMedian);
  if (is_median) name.resize(name.size() - kMedian.size());
  std::ranges::replace(name, '_', ' ');
  return is_median ? name + ", p50" : name;
}

}  // namespace sockscope

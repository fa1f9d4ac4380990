#include "analysis/gate_self_test.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <ranges>
#include <string_view>
#include <utility>

#include "analysis/figure_change.h"

namespace sockscope {
namespace {

constexpr unsigned kSplits = 100;
constexpr double kConclusive = 0.95;
constexpr double kPower = 0.8;
constexpr double kLargestChange = 2;
constexpr double kChangeStep = 0.005;

struct Halves {
  GateFigure before;
  GateFigure now;
};

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::ranges::copy(std::views::iota(std::size_t{0}, count), order.begin());
  std::mt19937_64 random(seed);
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

/// Equal seeds put the same rounds into the same half of every figure.
Halves split(const GateFigure& figure, std::uint64_t seed) {
  Halves halves{.before = figure, .now = figure};
  for (GateFigure* half : {&halves.before, &halves.now}) {
    half->runs.clear();
    half->bases.clear();
  }
  std::size_t taken = 0;
  for (const std::size_t run : shuffled(figure.runs.size(), seed)) {
    GateFigure& half = taken++ < figure.runs.size() / 2 ? halves.before : halves.now;
    half.runs.push_back(figure.runs[run]);
    if (!figure.bases.empty()) half.bases.push_back(figure.bases[run]);
  }
  return halves;
}

double at_quantile(std::vector<double> values, double quantile) {
  std::ranges::sort(values);
  const auto at = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(values.size())));
  return values[at == 0 ? 0 : at - 1];
}

double limit_of_count(const GateFigure& figure, std::uint64_t seed) {
  double most = 0;
  for (unsigned i = 0; i < kSplits; ++i) {
    const Halves halves = split(figure, seed + i);
    most = std::max(most, std::abs(median_of(halves.now.runs) - median_of(halves.before.runs)));
  }
  return std::max(usual_tolerance(figure.name), 2 * most);
}

/// The intervals of the splits; empty if the halves are too small for one.
std::vector<Interval> intervals_of(const GateFigure& figure, std::uint64_t seed) {
  std::vector<Interval> intervals;
  for (unsigned i = 0; i < kSplits; ++i) {
    const Halves halves = split(figure, seed + i);
    const auto ratio = change_between(halves.before, halves.now);
    if (ratio && ratio->ci95) intervals.push_back(*ratio->ci95);
  }
  return intervals;
}

double limit_of_time(const std::vector<Interval>& intervals) {
  std::vector<double> ends;
  ends.reserve(intervals.size());
  for (const Interval& interval : intervals) ends.push_back(interval.high - 1);
  return std::max(GateRule::kUsualEffect, at_quantile(std::move(ends), kConclusive));
}

/// A change multiplies every run of now, and with them both ends of the interval.
double smallest_change(const std::vector<Interval>& intervals, double limit) {
  const auto steps = static_cast<int>(std::lround(kLargestChange / kChangeStep));
  for (int step = 1; step <= steps; ++step) {
    const double change = step * kChangeStep;
    const auto caught = std::ranges::count_if(
        intervals, [&](const Interval& interval) { return interval.low * (1 + change) > 1 + limit; });
    if (static_cast<double>(caught) >= kPower * static_cast<double>(intervals.size())) return change;
  }
  return kLargestChange;
}

/// In how many of the splits a half of `after` is red against one of the identical runs.
template <class IsCounted>
double red_rate(const std::vector<BaselineFigure>& identical, const std::vector<GateFigure>& after, std::uint64_t seed,
                const IsCounted& is_counted) {
  unsigned red = 0;
  for (unsigned i = 0; i < kSplits; ++i) {
    const bool is_red = std::ranges::any_of(identical, [&](const BaselineFigure& one) {
      const GateFigure* const same = find_figure(after, one.figure.name);
      if (same == nullptr || !is_counted(one.figure)) return false;
      BaselineFigure before = one;
      before.figure = split(one.figure, seed + i).before;
      const GateFigure now = split(*same, seed + i).now;
      return judge_figure(before, now, {}).verdict == GateVerdict::kRegressed;
    });
    if (is_red) ++red;
  }
  return static_cast<double>(red) / kSplits;
}

bool is_calibrated(const GateFigure& figure) {
  return figure.figure_class == FigureClass::kTime && figure.name.ends_with(kCalibrationVariant);
}

/// How much the delay made of the figure that it changed least.
double least_change(const SelfTestRuns& runs) {
  double least = 0;
  for (const GateFigure& figure : runs.identical) {
    const GateFigure* const delayed = find_figure(runs.delayed, figure.name);
    if (delayed == nullptr || !is_calibrated(figure)) continue;
    const auto ratio = change_between(figure, *delayed);
    if (ratio) least = least == 0 ? ratio->value - 1 : std::min(least, ratio->value - 1);
  }
  return least;
}

}  // namespace

SelfTestResult self_test(const SelfTestRuns& runs, std::uint64_t seed) {
  SelfTestResult result;
  result.test.splits = kSplits;
  result.test.injected_ns = runs.injected_ns;
  for (const GateFigure& figure : runs.identical) {
    BaselineFigure judged{figure, std::nullopt};
    if (figure.figure_class == FigureClass::kCount) {
      judged.limit = limit_of_count(figure, seed);
    } else if (const auto intervals = intervals_of(figure, seed); !intervals.empty()) {
      judged.limit = limit_of_time(intervals);
      if (is_calibrated(figure)) {
        result.test.smallest_change = std::max(result.test.smallest_change, smallest_change(intervals, *judged.limit));
      }
    }
    result.figures.push_back(std::move(judged));
  }
  result.test.false_alarm_rate = red_rate(result.figures, runs.identical, seed, [](const GateFigure&) { return true; });
  if (runs.delayed.empty()) return result;
  result.test.injected_change = least_change(runs);
  result.test.injected_caught_rate = red_rate(result.figures, runs.delayed, seed, is_calibrated);
  return result;
}

}  // namespace sockscope

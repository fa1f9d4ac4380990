#include "analysis/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "analysis/bootstrap.h"

namespace sockscope {
namespace {

// Nobody waits for more: 10,000 pairs of short runs take an hour.
constexpr double kMostPairs = 10'000;

bool is_finite(const RunPair& pair) { return std::isfinite(pair.a) && std::isfinite(pair.b); }
bool has_ratio(const RunPair& pair) { return (pair.a > 0 && pair.b > 0) || (pair.a == 0 && pair.b == 0); }
double difference_of(const RunPair& pair) { return pair.a - pair.b; }
double log_ratio_of(const RunPair& pair) { return pair.a == pair.b ? 0 : std::log(pair.a / pair.b); }

template <typename Function>
std::vector<double> of_each(const std::vector<RunPair>& pairs, Function function) {
  std::vector<double> values(pairs.size());
  std::ranges::transform(pairs, values.begin(), function);
  return values;
}

std::vector<RunPair> only_finite(std::span<const RunPair> pairs) {
  std::vector<RunPair> finite;
  std::ranges::copy_if(pairs, std::back_inserter(finite), is_finite);
  return finite;
}

/// An interval around a centre, and the half-width of what is no difference, all on the scale of which 0 is equality.
struct Judged {
  double centre = 0;
  Interval interval;
  double no_difference = 0;

  bool is_within() const { return interval.low >= -no_difference && interval.high <= no_difference; }

  Verdict verdict() const {
    if (is_within()) return Verdict::kNoDifference;
    if (interval.high < 0) return Verdict::kALower;
    if (interval.low > 0) return Verdict::kBLower;
    return Verdict::kCannotTell;
  }

  /// The interval narrows with the square root of the pairs, and tells as soon as it reaches from the centre neither to
  /// 0 nor out of what is no difference, whichever comes first.
  std::optional<std::size_t> more_pairs(std::size_t pairs) const {
    const double distance = std::abs(centre);
    const double wanted = std::max(distance, no_difference - distance);
    if (wanted <= 0) return std::nullopt;
    const double present = interval.width() / 2;
    const double needed = std::ceil(static_cast<double>(pairs) * std::pow(present / wanted, 2));
    if (!(needed <= kMostPairs)) return std::nullopt;
    return std::max(static_cast<std::size_t>(needed), pairs + 1) - pairs;
  }
};

Estimate from_log(const Estimate& log) {
  Estimate ratio{.value = std::exp(log.value), .ci95 = {}};
  if (log.ci95) ratio.ci95 = Interval{.low = std::exp(log.ci95->low), .high = std::exp(log.ci95->high)};
  return ratio;
}

Judged judged_by_ratio(const Estimate& log_ratio, const PairedRule& rule) {
  return {.centre = log_ratio.value, .interval = *log_ratio.ci95, .no_difference = std::log1p(rule.smallest_effect)};
}

Judged judged_by_difference(const PairedComparison& comparison, const PairedRule& rule) {
  return {.centre = comparison.difference.value,
          .interval = *comparison.difference.ci95,
          .no_difference = rule.smallest_effect * std::max(std::abs(comparison.a), std::abs(comparison.b))};
}

/// Where the ratio tells two variants apart, the difference has to show the same.
Verdict agreed(Verdict by_ratio, const Interval& difference) {
  if (by_ratio == Verdict::kALower && difference.high >= 0) return Verdict::kCannotTell;
  if (by_ratio == Verdict::kBLower && difference.low <= 0) return Verdict::kCannotTell;
  return by_ratio;
}

}  // namespace

PairedComparison compare_pairs(std::span<const RunPair> all_pairs, const PairedRule& rule) {
  const std::vector<RunPair> pairs = only_finite(all_pairs);
  PairedComparison comparison;
  comparison.a = centre_of(of_each(pairs, &RunPair::a), Centre::kMedian);
  comparison.b = centre_of(of_each(pairs, &RunPair::b), Centre::kMedian);
  comparison.difference = bootstrap(of_each(pairs, difference_of), Centre::kMedian, rule.seed);

  std::optional<Estimate> log_ratio;
  if (!pairs.empty() && std::ranges::all_of(pairs, has_ratio)) {
    log_ratio = bootstrap(of_each(pairs, log_ratio_of), Centre::kMedian, rule.seed);
    comparison.ratio = from_log(*log_ratio);
  }
  if (!comparison.difference.ci95) return comparison;

  const Judged judged = log_ratio ? judged_by_ratio(*log_ratio, rule) : judged_by_difference(comparison, rule);
  comparison.verdict = agreed(judged.verdict(), *comparison.difference.ci95);
  if (comparison.verdict == Verdict::kCannotTell) comparison.more_pairs = judged.more_pairs(pairs.size());
  return comparison;
}

Estimate mean_difference(std::span<const RunPair> pairs, const PairedRule& rule) {
  return bootstrap(of_each(only_finite(pairs), difference_of), Centre::kMean, rule.seed);
}

}  // namespace sockscope

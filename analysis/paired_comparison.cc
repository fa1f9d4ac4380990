#include "analysis/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/run_values.h"

namespace sockscope {
namespace {

// Nobody waits for more: as many pairs of short runs take an hour.
constexpr double kMostPairs = 10'000;

std::vector<RunPair> only_finite(std::span<const RunPair> pairs) {
  std::vector<RunPair> finite;
  std::ranges::copy_if(pairs, std::back_inserter(finite),
                       [](const RunPair& pair) { return std::isfinite(pair.a) && std::isfinite(pair.b); });
  return finite;
}

RunValues values_of(const std::vector<RunPair>& pairs, double RunPair::* variant) {
  std::vector<double> values(pairs.size());
  std::ranges::transform(pairs, values.begin(), variant);
  return RunValues(std::move(values));
}

/// Both variants' runs; resampled, a pair stays a pair.
class Variants {
 public:
  Variants(const std::vector<RunPair>& pairs, const PairedRule& rule)
      : centre_(rule.centre),
        a_(values_of(pairs, &RunPair::a)),
        b_(values_of(pairs, &RunPair::b)),
        resamples_(pairs.size(), rule.seed) {}

  Estimate difference() const {
    return resamples_.estimate([this](TimesDrawn drawn) { return centre(a_, drawn) - centre(b_, drawn); });
  }

  Estimate log_ratio() const {
    return resamples_.estimate([this](TimesDrawn drawn) { return std::log(centre(a_, drawn) / centre(b_, drawn)); });
  }

  double a() const { return centre_of_all(a_); }
  double b() const { return centre_of_all(b_); }

 private:
  double centre(const RunValues& values, TimesDrawn drawn) const {
    return centre_ == Centre::kMean ? values.mean(drawn) : values.quantile(kFastShare, drawn);
  }

  double centre_of_all(const RunValues& values) const {
    return centre(values, std::vector<std::uint16_t>(values.size(), 1));
  }

  Centre centre_;
  RunValues a_;
  RunValues b_;
  Resamples resamples_;
};

/// An interval around a centre, and the half-width of what is no difference, all on a scale on which 0 is equality.
struct Judged {
  double centre = 0;
  Interval interval;
  double no_difference = 0;

  Verdict verdict() const {
    if (interval.low >= -no_difference && interval.high <= no_difference) return Verdict::kNoDifference;
    if (interval.high < 0) return Verdict::kALower;
    if (interval.low > 0) return Verdict::kBLower;
    return Verdict::kCannotTell;
  }

  /// The interval narrows with the square root of the pairs, and tells as soon as it reaches from the centre neither to
  /// 0 nor out of what is no difference, whichever comes first.
  std::optional<std::size_t> more_pairs(std::size_t pairs) const {
    const double distance = std::abs(centre);
    const double narrow_enough = std::max(distance, no_difference - distance);
    const double needed = std::ceil(static_cast<double>(pairs) * std::pow(interval.width() / 2 / narrow_enough, 2));
    if (!(needed <= kMostPairs)) return std::nullopt;
    return std::max(static_cast<std::size_t>(needed), pairs + 1) - pairs;
  }
};

/// Where the ratio tells two variants apart, the difference has to show the same.
Verdict agreed(Verdict by_ratio, const Interval& difference) {
  if (by_ratio == Verdict::kALower && difference.high >= 0) return Verdict::kCannotTell;
  if (by_ratio == Verdict::kBLower && difference.low <= 0) return Verdict::kCannotTell;
  return by_ratio;
}

Judged judged_by_ratio(const Estimate& log_ratio, const PairedRule& rule) {
  return {.centre = log_ratio.value, .interval = *log_ratio.ci95, .no_difference = std::log1p(rule.smallest_effect)};
}

Judged judged_by_difference(const PairedComparison& comparison, const PairedRule& rule) {
  return {.centre = comparison.difference.value,
          .interval = *comparison.difference.ci95,
          .no_difference = rule.smallest_effect * std::max(std::abs(comparison.a), std::abs(comparison.b))};
}

}  // namespace

PairedComparison compare_pairs(std::span<const RunPair> all_pairs, const PairedRule& rule) {
  const std::vector<RunPair> pairs = only_finite(all_pairs);
  PairedComparison comparison;
  if (pairs.empty()) return comparison;
  const Variants variants(pairs, rule);
  comparison.a = variants.a();
  comparison.b = variants.b();
  comparison.difference = variants.difference();
  if (comparison.b > 0) comparison.ratio.value = comparison.a / comparison.b;
  if (!comparison.difference.ci95) return comparison;

  Judged judged = judged_by_difference(comparison, rule);
  if (std::ranges::all_of(pairs, [](const RunPair& pair) { return pair.a > 0 && pair.b > 0; })) {
    const Estimate log_ratio = variants.log_ratio();
    comparison.ratio.ci95 = Interval{.low = std::exp(log_ratio.ci95->low), .high = std::exp(log_ratio.ci95->high)};
    judged = judged_by_ratio(log_ratio, rule);
  }
  comparison.verdict = agreed(judged.verdict(), *comparison.difference.ci95);
  if (comparison.verdict == Verdict::kCannotTell) comparison.more_pairs = judged.more_pairs(pairs.size());
  return comparison;
}

}  // namespace sockscope

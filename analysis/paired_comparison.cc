#include "analysis/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/run_values.h"

namespace sockscope {
namespace {

// Nobody waits for more: as many pairs of short runs take an hour.
constexpr std::size_t kMostPairs = 10'000;

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

  /// How far the logarithm of the ratio would reach to either side with so many pairs of which as large a part is slow.
  /// With the square root of the pairs an interval narrows only as long as it does not span two modes; this knows when
  /// it would not any more. Twice the errors of an interval: also the share of the slow runs is known with an error
  /// only.
  double reach_by_ranks(std::size_t pairs) const {
    if (centre_ == Centre::kMean) return std::numeric_limits<double>::infinity();
    const double errors = 2 * 1.96 * std::sqrt(kFastShare * (1 - kFastShare) / static_cast<double>(pairs));
    return std::hypot(log_reach(a_, errors), log_reach(b_, errors));
  }

  double a() const { return centre_of_all(a_); }
  double b() const { return centre_of_all(b_); }

 private:
  double centre(const RunValues& values, TimesDrawn drawn) const {
    return centre_ == Centre::kMean ? values.mean(drawn) : values.quantile(kFastShare, drawn);
  }

  double centre_of_all(const RunValues& values) const { return centre(values, once_each(values)); }

  static double log_reach(const RunValues& values, double share) {
    const std::vector<std::uint16_t> once = once_each(values);
    const double low = values.quantile(std::max(kFastShare - share, 0.0), once);
    const double high = values.quantile(std::min(kFastShare + share, 1.0), once);
    return low > 0 ? std::log(high / low) / 2 : std::numeric_limits<double>::infinity();
  }

  static std::vector<std::uint16_t> once_each(const RunValues& values) {
    return std::vector<std::uint16_t>(values.size(), 1);
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

  /// An interval as narrow tells for sure: from the centre it reaches neither to 0, nor out of what is no difference.
  double narrow_enough() const { return std::max(std::abs(centre), no_difference - std::abs(centre)); }
};

/// How many pairs, in all, would be expected to have an interval that is narrow enough.
std::optional<std::size_t> pairs_to_tell(const Judged& judged, const Variants& variants, std::size_t present) {
  for (std::size_t pairs = present + 1; pairs <= kMostPairs; pairs += std::max<std::size_t>(1, pairs / 20)) {
    const double shrunk =
        judged.interval.width() / 2 * std::sqrt(static_cast<double>(present) / static_cast<double>(pairs));
    if (std::min(shrunk, variants.reach_by_ranks(pairs)) <= judged.narrow_enough()) return pairs;
  }
  return std::nullopt;
}

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
  if (comparison.verdict != Verdict::kCannotTell) return comparison;
  if (const auto in_all = pairs_to_tell(judged, variants, pairs.size())) comparison.more_pairs = *in_all - pairs.size();
  return comparison;
}

}  // namespace sockscope

#include "analysis/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/judged.h"
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

bool has_ratio(const RunPair& pair) { return pair.a > 0 && pair.b > 0; }

template <typename Function>
RunValues values_of(const std::vector<RunPair>& pairs, Function function) {
  std::vector<double> values(pairs.size());
  std::ranges::transform(pairs, values.begin(), function);
  return RunValues(std::move(values));
}

/// One way to compare the variants.
struct Estimates {
  double a = 0;
  double b = 0;
  double ratio = 0;
  Estimate difference;
  std::optional<Estimate> log_ratio;  ///< If all values are above 0.
};

/// Both variants' runs; resampled, a pair stays a pair.
class Variants {
 public:
  Variants(const std::vector<RunPair>& pairs, std::uint64_t seed)
      : once_each_(pairs.size(), 1),
        a_(values_of(pairs, &RunPair::a)),
        b_(values_of(pairs, &RunPair::b)),
        differences_(values_of(pairs, [](const RunPair& pair) { return pair.a - pair.b; })),
        resamples_(pairs.size(), seed) {
    if (std::ranges::all_of(pairs, has_ratio)) {
      log_ratios_ = values_of(pairs, [](const RunPair& pair) { return std::log(pair.a / pair.b); });
    }
  }

  Estimates by_means() const {
    return by_each([](const RunValues& values, TimesDrawn drawn) { return values.mean(drawn); });
  }

  Estimates by_fast_runs() const {
    return by_each([](const RunValues& values, TimesDrawn drawn) { return values.quantile(kFastShare, drawn); });
  }

  /// The median of the pairs' differences, and of their ratios.
  Estimates by_pairs() const {
    Estimates estimates{.a = a_.quantile(0.5, once_each_), .b = b_.quantile(0.5, once_each_)};
    estimates.difference = median(differences_);
    if (log_ratios_) {
      estimates.log_ratio = median(*log_ratios_);
      estimates.ratio = std::exp(estimates.log_ratio->value);
    }
    return estimates;
  }

  /// How far the logarithm of the ratio of fast runs would reach to either side with so many pairs of which as large a
  /// part is slow. With the square root of the pairs an interval narrows only as long as it does not span two modes;
  /// this knows when it would not any more. Twice the errors of an interval: also the share of the slow runs is known
  /// with an error only.
  double reach_by_ranks(std::size_t pairs) const {
    const double errors = 2 * 1.96 * std::sqrt(kFastShare * (1 - kFastShare) / static_cast<double>(pairs));
    return std::hypot(log_reach(a_, errors), log_reach(b_, errors));
  }

 private:
  /// By what `centre` makes of either variant's runs.
  template <typename Function>
  Estimates by_each(Function centre) const {
    Estimates estimates{.a = centre(a_, once_each_), .b = centre(b_, once_each_)};
    if (estimates.b > 0) estimates.ratio = estimates.a / estimates.b;
    estimates.difference = resamples_.estimate([&](TimesDrawn drawn) { return centre(a_, drawn) - centre(b_, drawn); });
    if (log_ratios_) {
      estimates.log_ratio =
          resamples_.estimate([&](TimesDrawn drawn) { return std::log(centre(a_, drawn) / centre(b_, drawn)); });
    }
    return estimates;
  }

  Estimate median(const RunValues& values) const {
    return resamples_.estimate([&](TimesDrawn drawn) { return values.quantile(0.5, drawn); });
  }

  double log_reach(const RunValues& values, double share) const {
    const double low = values.quantile(std::max(kFastShare - share, 0.0), once_each_);
    const double high = values.quantile(std::min(kFastShare + share, 1.0), once_each_);
    return low > 0 ? std::log(high / low) / 2 : std::numeric_limits<double>::infinity();
  }

  std::vector<std::uint16_t> once_each_;
  RunValues a_;
  RunValues b_;
  RunValues differences_;
  std::optional<RunValues> log_ratios_;
  Resamples resamples_;
};

/// Where modes change from run to run, fast runs are known best; where the two runs of a pair share them, pairs are.
Estimates narrower(Estimates one, Estimates other) {
  const auto width = [](const Estimates& estimates) {
    return estimates.log_ratio ? estimates.log_ratio->ci95->width() : estimates.difference.ci95->width();
  };
  if (!one.difference.ci95) return one;
  return width(other) < width(one) ? other : one;
}

/// How many pairs, in all, would be expected to have an interval that is narrow enough.
std::optional<std::size_t> pairs_to_tell(const Judged& judged, const Variants& variants, Centre centre,
                                         std::size_t present) {
  for (std::size_t pairs = present + 1; pairs <= kMostPairs; pairs += std::max<std::size_t>(1, pairs / 20)) {
    double reach = judged.interval.width() / 2 * std::sqrt(static_cast<double>(present) / static_cast<double>(pairs));
    if (centre == Centre::kRobust) reach = std::min(reach, variants.reach_by_ranks(pairs));
    if (reach <= judged.narrow_enough()) return pairs;
  }
  return std::nullopt;
}

}  // namespace

PairedComparison compare_pairs(std::span<const RunPair> all_pairs, const PairedRule& rule) {
  const std::vector<RunPair> pairs = only_finite(all_pairs);
  if (pairs.empty()) return {};
  const Variants variants(pairs, rule.seed);
  const Estimates estimates =
      rule.centre == Centre::kMean ? variants.by_means() : narrower(variants.by_fast_runs(), variants.by_pairs());
  PairedComparison comparison{.a = estimates.a, .b = estimates.b, .difference = estimates.difference};
  comparison.ratio.value = estimates.ratio;
  if (estimates.log_ratio && estimates.log_ratio->ci95) {
    const Interval& log_ratio = *estimates.log_ratio->ci95;
    comparison.ratio.ci95 = Interval{.low = std::exp(log_ratio.low), .high = std::exp(log_ratio.high)};
  }
  const auto judged = Judged::of(comparison, rule.smallest_effect);
  if (!judged) return comparison;
  comparison.verdict = verdict_of(comparison, *judged);
  if (comparison.verdict != Verdict::kCannotTell) return comparison;
  const auto in_all = pairs_to_tell(*judged, variants, rule.centre, pairs.size());
  if (in_all) comparison.more_pairs = *in_all - pairs.size();
  return comparison;
}

}  // namespace sockscope

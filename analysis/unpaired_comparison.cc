#include "analysis/unpaired_comparison.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <vector>

#include "analysis/bootstrap.h"
#include "analysis/independent_estimates.h"
#include "analysis/judged.h"
#include "analysis/run_values.h"

namespace sockscope {
namespace {

/// What stands for the runs of one side, with its interval; and the logarithm of it.
Estimate centre_of(const std::vector<double>& values, const PairedRule& rule) {
  const RunValues runs(values);
  return Resamples(values.size(), rule.seed).estimate([&](TimesDrawn drawn) {
    return rule.centre == Centre::kMean ? runs.mean(drawn) : runs.quantile(kFastShare, drawn);
  });
}

std::vector<double> only_finite(std::span<const double> values) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite), [](double value) { return std::isfinite(value); });
  return finite;
}

bool is_above_zero(const Estimate& estimate) {
  return estimate.value > 0 && (!estimate.ci95 || estimate.ci95->low > 0);
}

}  // namespace

PairedComparison compare_unpaired(std::span<const double> all_a, std::span<const double> all_b,
                                  const PairedRule& rule) {
  const std::vector<double> finite_a = only_finite(all_a);
  const std::vector<double> finite_b = only_finite(all_b);
  if (finite_a.empty() || finite_b.empty()) return {};
  const Estimate a = centre_of(finite_a, rule);
  const Estimate b = centre_of(finite_b, rule);
  PairedComparison comparison{.a = a.value, .b = b.value, .difference = difference_of(a, b)};
  if (is_above_zero(a) && is_above_zero(b)) comparison.ratio = ratio_of(a, b);
  if (const auto judged = Judged::of(comparison, rule.smallest_effect)) {
    comparison.verdict = verdict_of(comparison, *judged);
  }
  return comparison;
}

}  // namespace sockscope

#include "analysis/judged.h"

#include <algorithm>
#include <cmath>

namespace sockscope {

std::optional<Judged> Judged::of(const PairedComparison& comparison, double smallest_effect) {
  if (!comparison.difference.ci95) return std::nullopt;
  if (const auto& ratio = comparison.ratio.ci95) {
    return Judged{.centre = std::log(comparison.ratio.value),
                  .interval = {.low = std::log(ratio->low), .high = std::log(ratio->high)},
                  .no_difference = std::log1p(smallest_effect)};
  }
  return Judged{.centre = comparison.difference.value,
                .interval = *comparison.difference.ci95,
                .no_difference = smallest_effect * std::max(std::abs(comparison.a), std::abs(comparison.b))};
}

Verdict Judged::verdict() const {
  if (interval.low >= -no_difference && interval.high <= no_difference) return Verdict::kNoDifference;
  if (interval.high < 0 && centre < -no_difference) return Verdict::kALower;
  if (interval.low > 0 && centre > no_difference) return Verdict::kBLower;
  return Verdict::kCannotTell;
}

double Judged::narrow_enough() const { return std::max(std::abs(centre), no_difference - std::abs(centre)); }

Verdict verdict_of(const PairedComparison& comparison, const Judged& judged) {
  const Verdict verdict = judged.verdict();
  const Interval& difference = *comparison.difference.ci95;
  if (verdict == Verdict::kALower && difference.high >= 0) return Verdict::kCannotTell;
  if (verdict == Verdict::kBLower && difference.low <= 0) return Verdict::kCannotTell;
  return verdict;
}

}  // namespace sockscope

#include "analysis/two_samples.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sockscope {
namespace {

constexpr double kOneTail = 0.025;
constexpr double kRounding = 1e-12;

/// From so many ratios on U is normal for all that can be seen, and its table too large.
constexpr std::size_t kMostExact = 5'000;

/// How probable each value of Mann and Whitney's U is for two samples of one distribution: the largest of all runs is
/// of the first sample, and then above every run of the second, or of the second.
std::vector<double> u_probabilities(std::size_t n, std::size_t m) {
  const std::size_t values = n * m + 1;
  // by_m[j]: of i runs against j, i growing.
  std::vector<std::vector<double>> by_m(m + 1, std::vector<double>(values, 0.0));
  for (auto& row : by_m) row[0] = 1;
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= m; ++j) {
      const double of_first = static_cast<double>(i) / static_cast<double>(i + j);
      std::vector<double>& row = by_m[j];
      for (std::size_t u = i * j + 1; u-- > 0;) {
        row[u] = (1 - of_first) * by_m[j - 1][u] + (u >= j ? of_first * row[u - j] : 0.0);
      }
    }
  }
  return by_m[m];
}

double middle_of_sorted(std::span<const double> sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::size_t normal_rank(double n, double m) {
  constexpr double quantile = 1.959964;
  return static_cast<std::size_t>(n * m / 2 - quantile * std::sqrt(n * m * (n + m + 1) / 12));
}

}  // namespace

std::optional<std::size_t> interval_rank(std::size_t n, std::size_t m) {
  if (n == 0 || m == 0) return std::nullopt;
  // A lone run against thousands has nothing normal about it, and a small table.
  if (n * m > kMostExact && std::min(n, m) > 2) return normal_rank(static_cast<double>(n), static_cast<double>(m));
  double below = 0;
  std::size_t rank = 0;
  for (const double probability : u_probabilities(n, m)) {
    below += probability;
    if (below > kOneTail + kRounding) break;
    ++rank;
  }
  return rank == 0 ? std::nullopt : std::optional(rank);
}

std::optional<Estimate> ratio_of_samples(std::span<const double> before, std::span<const double> now) {
  if (before.empty() || now.empty() || std::ranges::find(before, 0.0) != before.end()) return std::nullopt;
  std::vector<double> ratios;
  ratios.reserve(before.size() * now.size());
  for (const double then : before) {
    for (const double today : now) ratios.push_back(today / then);
  }
  std::ranges::sort(ratios);
  Estimate ratio{.value = middle_of_sorted(ratios), .ci95 = std::nullopt};
  if (const auto rank = interval_rank(before.size(), now.size())) {
    ratio.ci95 = {.low = ratios[*rank - 1], .high = ratios[ratios.size() - *rank]};
  }
  return ratio;
}

double middle_of(std::span<const double> runs) {
  if (runs.empty()) return 0;
  std::vector<double> sorted(runs.begin(), runs.end());
  std::ranges::sort(sorted);
  return middle_of_sorted(sorted);
}

}  // namespace sockscope

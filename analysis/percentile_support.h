#pragma once

#include <cstddef>
#include <optional>

namespace sockscope {

/// From how many samples on a quantile (0 < quantile < 1) is bounded at all, with 95 % confidence: from fewer, all of
/// them lie on its one side more often than once in twenty times. p50 5, p99 299, p99.9 2,995.
std::size_t fewest_samples_for(double quantile);

/// Whether a report may print the quantile of so many samples.
bool supports_quantile(std::size_t samples, double quantile);

/// Places in the ascending order of samples, counted from 1.
struct Ranks {
  std::size_t low = 0;
  std::size_t high = 0;
};

/// Between the samples of which ranks a quantile lies with at least 95 % confidence, whatever the distribution; absent
/// if there are too few for both ends. Holds for samples that are independent of each other: those of one run share its
/// mode, so that this is how well the run is known, not the variant.
std::optional<Ranks> ranks_around(std::size_t samples, double quantile);

}  // namespace sockscope

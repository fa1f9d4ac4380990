#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "analysis/paired_comparison.h"

namespace sockscope::test {

/// A machine as docs/statistics.md describes this one: a run is in a fast or in a slow mode for its whole length. The
/// two runs of a pair are drawn on their own unless the mode lasts for longer than a run.
struct MachineModel {
  double slow_share = 0.3;
  double slowest = 1.28;
  double least_slow = 1.15;
  double noise = 0.01;     ///< Of runs within a mode, as a standard deviation of the logarithm.
  double persistence = 0;  ///< How often the second run of a pair has the mode of the first.
};

/// Pairs in which A takes `effect` times as long as B.
class MachineRuns {
 public:
  MachineRuns(const MachineModel& model, std::uint64_t seed) : model_(model), random_(seed) {}

  std::vector<RunPair> pairs(std::size_t count, double effect) {
    std::vector<RunPair> pairs;
    for (std::size_t pair = 0; pair < count; ++pair) {
      const double first = mode();
      const double second = share() < model_.persistence ? first : mode();
      pairs.push_back({.a = 10'000 * effect * first * noise(), .b = 10'000 * second * noise()});
    }
    return pairs;
  }

  std::vector<double> runs(std::size_t count) {
    std::vector<double> runs;
    for (std::size_t run = 0; run < count; ++run) runs.push_back(10'000 * mode() * noise());
    return runs;
  }

 private:
  // The library's distributions differ from one to another, and tests count on what is drawn.
  double share() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  double mode() {
    if (share() >= model_.slow_share) return 1;
    return model_.least_slow + share() * (model_.slowest - model_.least_slow);
  }
  double noise() {
    return std::exp(model_.noise * std::sqrt(-2 * std::log(1 - share())) * std::cos(2 * M_PI * share()));
  }

  MachineModel model_;
  std::mt19937_64 random_;
};

}  // namespace sockscope::test

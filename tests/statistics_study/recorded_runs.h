#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "analysis/paired_comparison.h"

namespace sockscope::test {

/// Runs that collect_runs.py measured, each series (such as "tcp 10000", its length last) in the order of time.
std::map<std::string, std::vector<double>> read_runs(const std::string& file);

/// Neighbours of one series, resampled: identical code, whatever the machine did. Which of the two is A is tossed up.
class RecordedPairs {
 public:
  RecordedPairs(const std::vector<double>& runs, std::uint64_t seed);

  std::vector<RunPair> pairs(std::size_t count, double effect);

 private:
  std::vector<RunPair> recorded_;
  std::mt19937_64 random_;
};

}  // namespace sockscope::test

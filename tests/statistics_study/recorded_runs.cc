#include "tests/statistics_study/recorded_runs.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sockscope::test {

std::map<std::string, std::vector<double>> read_runs(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line != "count,block,protocol,p50_ns,mean_ns,p99_ns") {
    throw std::runtime_error(file + ": not a file of collect_runs.py");
  }
  std::map<std::string, std::vector<double>> series;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string count, block, protocol, p50_ns;
    std::getline(fields, count, ',');
    std::getline(fields, block, ',');
    std::getline(fields, protocol, ',');
    std::getline(fields, p50_ns, ',');
    series[protocol + " " + count].push_back(std::stod(p50_ns));
  }
  return series;
}

RecordedPairs::RecordedPairs(const std::vector<double>& runs, std::uint64_t seed) : random_(seed) {
  for (std::size_t run = 0; run + 1 < runs.size(); run += 2) recorded_.push_back({.a = runs[run], .b = runs[run + 1]});
}

std::vector<RunPair> RecordedPairs::pairs(std::size_t count, double effect) {
  std::vector<RunPair> pairs;
  for (std::size_t pair = 0; pair < count; ++pair) {
    const RunPair& drawn = recorded_[random_() % recorded_.size()];
    const bool exchanged = random_() % 2 == 1;
    pairs.push_back({.a = effect * (exchanged ? drawn.b : drawn.a), .b = exchanged ? drawn.a : drawn.b});
  }
  return pairs;
}

}  // namespace sockscope::test

#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <memory>
#include <string>

#include "workloads/microbench/bench.h"
#include "workloads/microbench/bench_counts.h"

namespace sockscope {

/// Whether the kernel's counts are taken as well.
enum class Counting { kOff, kOn };

/// Runs benchmarks as Google Benchmark asks for them: counts what the kernel does for a message or call, makes the
/// work, warms it up, times it, and checks that it was done. The counts become user counters of Google Benchmark's.
///
/// What cannot be made here is skipped with its reason ("skipped: ..."); what does not do its work fails, and has no
/// time.
class BenchRunner {
 public:
  explicit BenchRunner(Counting counting) : counting_(counting) {}

  /// Tells Google Benchmark of it. This must outlive the run.
  void add(const Bench& bench);

  /// Whether any benchmark did not do its work.
  [[nodiscard]] bool has_failed() const { return !failures_.empty(); }

 private:
  /// Made once, however often Google Benchmark calls to find out how many iterations it needs.
  struct Current {
    std::string name;
    std::unique_ptr<Work> work;
  };

  void run(benchmark::State& state, const Bench& bench);
  Result<> get_ready(const Bench& bench);
  Result<> time(benchmark::State& state, const Bench& bench);

  Counting counting_;
  Current current_;
  std::map<std::string, BenchCounts> counts_;  ///< By benchmark; once, since its repetitions do the same.
  /// By benchmark. What has failed once fails in its other repetitions: it has no time, and ComputeStats of Google
  /// Benchmark 1.7 is not made for a first repetition without one.
  std::map<std::string, std::string> failures_;
};

}  // namespace sockscope

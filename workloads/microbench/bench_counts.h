#pragma once

#include <map>
#include <string>

#include "base/error.h"
#include "workloads/microbench/bench.h"

namespace sockscope {

/// What the kernel does for one message or call of a benchmark:
///
///   context_switches, cpu_migrations, task_clock_ns, page_faults   libperf
///   cycles, instructions                                           libperf, where there is a PMU
///   syscalls, skbs, softirqs, ...                                  TracepointCounts, where that is permitted
struct BenchCounts {
  std::map<std::string, double> per_unit;
  std::string missing;  ///< Why there are no tracepoint counts; empty if there are.
};

/// Counts in a process of its own, which is gone when this returns: a thread that has had a counter is slower at each
/// switch. kEnvironment if the work cannot be made or is not
/// done.
Result<BenchCounts> count_apart(const Bench& bench);

}  // namespace sockscope

#pragma once

#include <optional>
#include <vector>

#include "workloads/microbench/bench.h"

namespace sockscope {

/// The map of the socket path: every benchmark there is, in the order of docs/microbenchmarks.md. `other_cpu` is for
/// those on two CPUs.
std::vector<Bench> all_benches(std::optional<int> other_cpu);

}  // namespace sockscope

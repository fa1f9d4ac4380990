#pragma once

#include <cstdint>
#include <ctime>

namespace sockscope {

/// Nanoseconds of CLOCK_MONOTONIC, the one clock of the project: `perf record -k CLOCK_MONOTONIC` stamps its events
/// with it, so that the workload's own times and the trace join without conversion. Read through the vDSO: no system
/// call where the clock source allows it.
[[nodiscard]] inline std::uint64_t monotonic_now_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace sockscope {

/// What some CPUs have done since the machine was started, together. `root` is "/" but in tests.
struct CpuTime {
  /// The run time of all tasks, to the nanosecond; absent unless cgroup v1 keeps it (cpuacct) for the whole machine.
  std::optional<std::uint64_t> run_ns;
  /// The same by /proc/stat: counted at timer ticks and told in steps of 10 ms.
  std::uint64_t ticked_ns = 0;
  std::uint64_t steal_ns = 0;  ///< What the host took, in steps of 10 ms.
};

CpuTime cpu_time(const std::vector<int>& cpus, const std::filesystem::path& root = "/");

/// What they run at now, in the order of the CPUs; empty if the kernel does not tell for all of them.
std::vector<std::uint64_t> cpu_khz(const std::vector<int>& cpus, const std::filesystem::path& root = "/");

}  // namespace sockscope

#pragma once

#include <filesystem>

#include "analysis/summary.h"

namespace sockscope {

/// What the numbers of a run depend on and two runs may differ in: kernel, CPU, mitigations, clock source, congestion
/// control, loopback MTU, versions. Facts that cannot be read are left out. `root` stands for "/" (tests give another).
Facts describe_environment(const std::filesystem::path& root);

/// `perf --version` as one line; empty when there is no perf.
std::string perf_version();

/// The first line of a small text file such as those of /proc and /sys; empty if it cannot be read.
std::string first_line_of(const std::filesystem::path& path);

}  // namespace sockscope

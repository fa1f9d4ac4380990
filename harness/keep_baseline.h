#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/baseline.h"
#include "base/error.h"
#include "harness/gate_measurement.h"

namespace sockscope {

/// What was measured as a baseline of this machine, made now.
Baseline baseline_of(std::string name, const std::vector<std::string>& plan, const GateMeasurement& measurement);

/// Writes it, and makes the directory that it goes into.
Result<> keep_baseline(const std::filesystem::path& path, const Baseline& baseline);

/// "2026-11-26 02:40 UTC"
std::string time_of_day();

}  // namespace sockscope

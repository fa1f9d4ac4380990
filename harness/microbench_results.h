#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "harness/gate_measurement.h"

namespace sockscope {

/// What stands in the place of a plan in a baseline that was read from microbenchmarks.
inline constexpr std::string_view kMicrobenchPlan = "--benchmarks";

/// The results of socket_bench, as Google Benchmark writes them in JSON, as the gate takes a measurement:
///
///   round_trip/tcp/64/processes.syscalls    a count per message or call; likewise skbs, softirqs, context_switches
///   round_trip/tcp/64/processes/floor       its time over that of its floor (bench_name.h), repetition by repetition
///
/// kInput, naming the file, if it cannot be read, is none, or holds no result of any benchmark.
Result<GateMeasurement> read_microbench(const std::filesystem::path& path);

}  // namespace sockscope

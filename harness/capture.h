#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "base/tracefs.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// What records a traced run.
enum class Capture {
  kTracefs,        ///< TracefsCapture: the kernel's ftrace buffers, written as a perf.data.
  kPerf,           ///< PerfRecording: perf record.
  kFunctionGraph,  ///< FtraceRecorder: calls of functions, as text.
};

/// What records the runs of a plan, and why.
struct ChosenCapture {
  Capture capture = Capture::kPerf;
  std::string text;  ///< As a fact of the plan.
};

/// What was asked for; else ftrace's buffers where they can be used and hold each of the runs, else perf.
/// kEnvironment if ftrace's were asked for and cannot be used, kUsage if they cannot record what is wanted.
Result<ChosenCapture> choose_capture(std::optional<Capture> wanted, bool with_stacks,
                                     std::span<const WorkloadSpec> runs,
                                     const std::filesystem::path& tracefs = kTracefsMount);

/// Why ftrace's buffers cannot be used here; empty if they can.
std::string why_no_tracefs(const std::filesystem::path& tracefs);

}  // namespace sockscope

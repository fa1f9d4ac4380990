#include "harness/capture.h"

#include <algorithm>

#include "harness/round.h"
#include "harness/tracefs_instance.h"

namespace sockscope {
namespace {

/// Why not, beside what was asked for; empty: no reason.
std::string reason_for_perf(bool with_stacks, std::span<const WorkloadSpec> runs,
                            const std::filesystem::path& tracefs) {
  if (with_stacks) return "call chains are perf's alone";
  const bool fit = std::ranges::all_of(runs, [](const WorkloadSpec& run) { return tracefs_bytes_of(run).has_value(); });
  if (!fit) return "a run this long would not fit into ftrace's buffers";
  return why_no_tracefs(tracefs);
}

}  // namespace

std::string why_no_tracefs(const std::filesystem::path& tracefs) {
  const auto instance = TracefsInstance::make(tracefs);
  return instance ? "" : instance.error().message;
}

Result<ChosenCapture> choose_capture(std::optional<Capture> wanted, bool with_stacks,
                                     std::span<const WorkloadSpec> runs, const std::filesystem::path& tracefs) {
  if (wanted == Capture::kPerf) return ChosenCapture{.capture = Capture::kPerf, .text = "perf record"};
  const std::string reason = reason_for_perf(with_stacks, runs, tracefs);
  if (reason.empty()) return ChosenCapture{.capture = Capture::kTracefs, .text = "tracefs"};
  if (wanted) {
    return fail(with_stacks ? ErrorKind::kUsage : ErrorKind::kEnvironment, "--capture tracefs: {}; use --capture perf",
                reason);
  }
  return ChosenCapture{.capture = Capture::kPerf, .text = fmt::format("perf record: {}", reason)};
}

}  // namespace sockscope

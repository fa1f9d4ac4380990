#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/tracefs.h"
#include "base/unique_fd.h"
#include "base/wait.h"
#include "harness/perf_command.h"
#include "harness/recording_features.h"
#include "harness/task_ring.h"
#include "harness/tracefs_instance.h"
#include "parsers/ring_buffer/page_layout.h"

namespace sockscope {

/// Records into ftrace's own ring buffers, which takes a third of the time that perf's take for an event, and writes
/// what was recorded as a perf.data when it is over. Told when to record as PerfRecording is: start, enable, disable,
/// finish. Destroying it before finish leaves nothing behind.
class TracefsCapture {
 public:
  /// Gets everything ready, with nothing recorded yet. The spec's CPUs must not be empty. kEnvironment if this user or
  /// this kernel cannot.
  static Result<TracefsCapture> start(const RecordSpec& spec, const std::filesystem::path& tracefs = kTracefsMount);

  Result<> enable(const WaitLimits& limits);
  Result<> disable(const WaitLimits& limits);
  /// Writes the perf.data.
  Result<> finish(const WaitLimits& limits);

  /// What was asked for, in the place of a command line of perf.
  [[nodiscard]] const std::vector<std::string>& command() const { return command_; }

 private:
  TracefsCapture(TracefsInstance instance, TaskRing task_ring)
      : instance_(std::move(instance)), task_ring_(std::move(task_ring)) {}

  Result<> configure(const RecordSpec& spec);
  Result<> enable_events(const RecordSpec& spec);
  Result<> open_buffers();
  [[nodiscard]] std::uint64_t lost_on(int cpu) const;

  std::filesystem::path output_;
  std::filesystem::path tracefs_;
  std::vector<int> cpus_;
  std::vector<pid_t> tids_;
  std::vector<std::string> command_;
  std::vector<Tracepoint> tracepoints_;
  ring_buffer::PageLayout layout_;
  TracefsInstance instance_;
  TaskRing task_ring_;
  std::vector<UniqueFd> buffers_;  // by position in cpus_; closed before the instance goes
};

/// Buffers of ftrace that hold all of a round's events on one CPU; nothing if they would be larger than a machine can
/// spare.
std::optional<std::size_t> tracefs_bytes_for(std::uint64_t round_trips, std::uint32_t message_bytes);

}  // namespace sockscope

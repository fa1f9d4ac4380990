#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "harness/perf_command.h"

namespace sockscope {

/// A running `perf record` that is told when to record: start, enable, disable, finish. Destroying it before finish
/// kills perf; what perf said so far goes with it.
class PerfRecording {
 public:
  PerfRecording(PerfRecording&&) = default;
  PerfRecording& operator=(PerfRecording&&) = delete;
  PerfRecording(const PerfRecording&) = delete;
  PerfRecording& operator=(const PerfRecording&) = delete;
  ~PerfRecording();

  /// Starts perf with all events disabled, on any CPU of `perf_cpus` (empty: all). The control descriptors of the spec
  /// are filled in here. It may take a second or two until enable() is answered.
  static Result<PerfRecording> start(RecordSpec spec, const std::vector<int>& perf_cpus);

  /// Returns once perf has enabled (disabled) every event. kEnvironment, in one sentence with the fix, if perf ended
  /// instead.
  Result<> enable(const WaitLimits& limits);
  Result<> disable(const WaitLimits& limits);

  /// Lets perf write its file to the end and exit.
  Result<> finish(const WaitLimits& limits);

  /// The command line, as run.
  [[nodiscard]] const std::vector<std::string>& command() const { return command_; }

 private:
  PerfRecording(ChildProcess perf, UniqueFd control, LineReader answers) noexcept
      : perf_(std::move(perf)), control_(std::move(control)), answers_(std::move(answers)) {}

  Result<> tell(std::string_view command, const WaitLimits& limits);
  Error why_perf_ended(const Error& otherwise);

  ChildProcess perf_;
  UniqueFd control_;
  LineReader answers_;
  std::vector<std::string> command_;
  std::filesystem::path log_;
};

}  // namespace sockscope

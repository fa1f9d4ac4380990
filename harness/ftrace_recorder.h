#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/tracefs.h"
#include "base/wait.h"
#include "harness/tracefs_instance.h"

namespace sockscope {

/// Where the kernel says what it allows; others in tests.
struct FtracePaths {
  std::filesystem::path tracefs = kTracefsMount;
  std::filesystem::path lockdown = "/sys/kernel/security/lockdown";
};

/// What function_graph is to trace.
struct FunctionTraceSpec {
  std::vector<pid_t> tids;             ///< Of these threads alone, and of what they start.
  std::vector<std::string> functions;  ///< As set_ftrace_filter takes them: names, or patterns as tcp_*. Empty: all.
  std::size_t bytes_per_cpu = std::size_t{64} << 20U;  ///< Of the kernel's buffers. What is too much is lost, and said.
  std::filesystem::path output;                        ///< What finish() writes.
};

/// Records which functions of the kernel some threads call, with function_graph in an instance of ftrace of its own, so
/// that nobody else's tracing is touched. Gone with the object, as TracefsInstance is.
class FtraceRecorder {
 public:
  /// Whether start() may come to something: tracefs and a kernel with function_graph. kEnvironment as start().
  [[nodiscard]] static Result<> check(const FtracePaths& paths = {});

  /// Gets everything ready, with nothing recorded yet. kEnvironment, with what to change: no tracefs or no permission;
  /// a kernel without function_graph, or with it in no instance; lockdown; a function that cannot be traced.
  [[nodiscard]] static Result<FtraceRecorder> start(const FunctionTraceSpec& spec, const FtracePaths& paths = {});
  /// The same in an instance that is there already.
  [[nodiscard]] static Result<FtraceRecorder> start(TracefsInstance instance, const FunctionTraceSpec& spec,
                                                    const FtracePaths& paths);

  /// Told as the other captures are (TracefsCapture); nothing of it waits.
  [[nodiscard]] Result<> enable(const WaitLimits& limits = {}) const;
  [[nodiscard]] Result<> disable(const WaitLimits& limits = {}) const;
  [[nodiscard]] Result<> finish(const WaitLimits& limits = {}) const;
  /// What was asked for, in the place of a command line of perf.
  [[nodiscard]] const std::vector<std::string>& command() const { return command_; }
  /// Writes what was recorded as function_graph text, which `report` reads: every line with its task.
  [[nodiscard]] Result<> write(const std::filesystem::path& file) const;

 private:
  FtraceRecorder(TracefsInstance instance, FtracePaths paths, const FunctionTraceSpec& spec);

  [[nodiscard]] Result<> configure(const FunctionTraceSpec& spec) const;
  [[nodiscard]] Result<> set_words(std::string_view file, const std::vector<std::string>& words) const;

  TracefsInstance instance_;
  FtracePaths paths_;
  std::filesystem::path output_;
  std::vector<std::string> command_;
};

}  // namespace sockscope

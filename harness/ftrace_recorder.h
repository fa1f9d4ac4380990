#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "harness/tracefs_instance.h"

namespace sockscope {

/// Where the kernel says what it allows; others in tests.
struct FtracePaths {
  std::filesystem::path tracefs = "/sys/kernel/tracing";
  std::filesystem::path lockdown = "/sys/kernel/security/lockdown";
};

/// What function_graph is to trace.
struct FunctionTraceSpec {
  std::vector<pid_t> tids;             ///< Of these threads alone, and of what they start.
  std::vector<std::string> functions;  ///< As set_ftrace_filter takes them: names, or patterns as tcp_*. Empty: all.
  std::size_t bytes_per_cpu = std::size_t{16} << 20U;  ///< Of the kernel's buffers. What is too much is lost, and said.
};

/// Records which functions of the kernel some threads call, with function_graph in an instance of ftrace of its own, so
/// that nobody else's tracing is touched. Gone with the object, as TracefsInstance is.
class FtraceRecorder {
 public:
  /// Gets everything ready, with nothing recorded yet. kEnvironment, with what to change: no tracefs or no permission;
  /// a kernel without function_graph, or with it in no instance; lockdown; a function that cannot be traced.
  [[nodiscard]] static Result<FtraceRecorder> start(const FunctionTraceSpec& spec, const FtracePaths& paths = {});
  /// The same in an instance that is there already.
  [[nodiscard]] static Result<FtraceRecorder> start(TracefsInstance instance, const FunctionTraceSpec& spec,
                                                    const FtracePaths& paths);

  [[nodiscard]] Result<> enable() const;
  [[nodiscard]] Result<> disable() const;
  /// Writes what was recorded as function_graph text, which `report` reads: every line with its task. kInput never.
  [[nodiscard]] Result<> write(const std::filesystem::path& file) const;

 private:
  FtraceRecorder(TracefsInstance instance, FtracePaths paths)
      : instance_(std::move(instance)), paths_(std::move(paths)) {}

  [[nodiscard]] Result<> configure(const FunctionTraceSpec& spec) const;
  [[nodiscard]] Result<> set_words(std::string_view file, const std::vector<std::string>& words) const;

  TracefsInstance instance_;
  FtracePaths paths_;
};

}  // namespace sockscope

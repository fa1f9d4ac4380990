#include "harness/ftrace_recorder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "base/unique_fd.h"
#include "harness/line_output.h"

namespace sockscope {
namespace {

constexpr std::string_view kTracer = "function_graph";

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream words(text);
  return {std::istream_iterator<std::string>(words), {}};
}

bool has_tracer(const std::filesystem::path& directory) {
  const auto tracers = words_of(text_of_file(directory / "available_tracers"));
  return std::ranges::find(tracers, kTracer) != tracers.end();
}

/// "integrity" of "none [integrity] confidentiality"; empty where the kernel has none or does not show it.
std::string lockdown_mode(const std::filesystem::path& file) {
  for (const std::string& word : words_of(text_of_file(file))) {
    if (word.starts_with('[') && word.ends_with(']')) return word.substr(1, word.size() - 2);
  }
  return {};
}

}  // namespace

Result<> FtraceRecorder::check(const FtracePaths& paths) {
  std::error_code ignored;
  if (!std::filesystem::exists(paths.tracefs / "available_tracers", ignored)) {
    return fail(ErrorKind::kEnvironment,
                "ftrace is out of reach: {} cannot be read; fix: run as root, and mount -t tracefs nodev {}",
                (paths.tracefs / "available_tracers").string(), paths.tracefs.string());
  }
  if (has_tracer(paths.tracefs)) return {};
  const auto tracers = words_of(text_of_file(paths.tracefs / "available_tracers"));
  std::string list;
  for (const std::string& tracer : tracers) list += (list.empty() ? "" : ", ") + tracer;
  return fail(
      ErrorKind::kEnvironment,
      "this kernel has no function_graph tracer (it has {}): it was built without CONFIG_FUNCTION_GRAPH_TRACER; "
      "fix: boot a kernel that has it, as those of distributions do",
      list);
}

namespace {

/// Why the kernel refuses what root may do.
std::unexpected<Error> refused(std::string_view file, int error, const FtracePaths& paths) {
  const std::string mode = lockdown_mode(paths.lockdown);
  if (error == EPERM && !mode.empty() && mode != "none") {
    return fail(ErrorKind::kEnvironment,
                "the kernel is locked down ({}) and refuses {}: {}; fix: boot without lockdown= and Secure Boot", mode,
                file, errno_text(error));
  }
  if (error == EPERM) {
    return fail(ErrorKind::kEnvironment,
                "the kernel refuses {}: {}; fix: run as root with CAP_SYS_ADMIN, on a kernel that is not locked down",
                file, errno_text(error));
  }
  return fail(ErrorKind::kEnvironment, "cannot write {}: {}", file, errno_text(error));
}

}  // namespace

Result<FtraceRecorder> FtraceRecorder::start(const FunctionTraceSpec& spec, const FtracePaths& paths) {
  if (auto can = check(paths); !can) return pass_on(can);
  auto instance = TracefsInstance::make(paths.tracefs);
  if (!instance) return pass_on(instance);
  return start(std::move(*instance), spec, paths);
}

Result<FtraceRecorder> FtraceRecorder::start(TracefsInstance instance, const FunctionTraceSpec& spec,
                                             const FtracePaths& paths) {
  FtraceRecorder recorder(std::move(instance), paths, spec);
  if (auto configured = recorder.configure(spec); !configured) return pass_on(configured);
  return recorder;
}

FtraceRecorder::FtraceRecorder(TracefsInstance instance, FtracePaths paths, const FunctionTraceSpec& spec)
    : instance_(std::move(instance)), paths_(std::move(paths)), output_(spec.output), command_{std::string(kTracer)} {
  command_.insert(command_.end(), spec.functions.begin(), spec.functions.end());
}

/// Words one by one, so that the one that is refused can be named.
Result<> FtraceRecorder::set_words(std::string_view file, const std::vector<std::string>& words) const {
  const auto path = instance_.path() / file;
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return refused(file, errno, paths_);
  for (const std::string& word : words) {
    const std::string line = word + "\n";
    if (::write(fd.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size())) continue;
    const int error = errno;
    if (error != EINVAL) return refused(file, error, paths_);
    return fail(ErrorKind::kEnvironment, "the kernel cannot trace {}: {} takes what available_filter_functions has",
                word, file);
  }
  return {};
}

Result<> FtraceRecorder::configure(const FunctionTraceSpec& spec) const {
  if (!has_tracer(instance_.path())) {
    return fail(ErrorKind::kEnvironment,
                "this kernel runs function_graph in no instance of its own, as newer ones do; fix: trace with "
                "trace-cmd record -p function_graph -P PID, and read the trace.dat with sockscope report");
  }
  // Nothing of what comes is to be recorded yet.
  if (auto set = instance_.set("tracing_on", "0"); !set) return set;
  if (auto set = instance_.set("buffer_size_kb", std::to_string(spec.bytes_per_cpu / 1024)); !set) return set;
  if (auto set = set_words("set_ftrace_filter", spec.functions); !set) return set;
  std::vector<std::string> tids;
  tids.reserve(spec.tids.size());
  for (const pid_t tid : spec.tids) tids.push_back(std::to_string(tid));
  if (auto set = set_words("set_ftrace_pid", tids); !set) return set;
  if (auto set = set_words("current_tracer", {std::string(kTracer)}); !set) return set;
  // Each line with its task and each end with its name, so that nothing has to be concluded; not all kernels have all.
  constexpr std::array options{"function-fork", "funcgraph-proc", "funcgraph-tail"};
  for (const char* const option : options) {
    std::error_code ignored;
    const auto file = std::filesystem::path("options") / option;
    if (!std::filesystem::exists(instance_.path() / file, ignored)) continue;
    if (auto set = instance_.set(file, "1"); !set) return set;
  }
  return {};
}

Result<> FtraceRecorder::enable(const WaitLimits& /*limits*/) const { return instance_.set("tracing_on", "1"); }

Result<> FtraceRecorder::finish(const WaitLimits& /*limits*/) const { return write(output_); }

Result<> FtraceRecorder::disable(const WaitLimits& /*limits*/) const { return instance_.set("tracing_on", "0"); }

Result<> FtraceRecorder::write(const std::filesystem::path& file) const {
  const auto pipe = instance_.path() / "trace_pipe";
  const UniqueFd from(open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!from) return fail(ErrorKind::kEnvironment, "cannot read {}: {}", pipe.string(), errno_text(errno));
  const auto to = LineOutput::open(file);
  if (!to) return std::unexpected(to.error());
  if (auto put = to->write("# tracer: function_graph\n"); !put) return pass_on(put);
  std::vector<char> piece(std::size_t{64} * 1024);
  while (true) {
    const ssize_t got = ::read(from.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got == 0 || (got < 0 && errno == EAGAIN)) return {};
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot read {}: {}", pipe.string(), errno_text(errno));
    if (auto put = to->write({piece.data(), static_cast<std::size_t>(got)}); !put) return pass_on(put);
  }
}

}  // namespace sockscope

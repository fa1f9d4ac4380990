#include "harness/perf_recording.h"

#include <fcntl.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace sockscope {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<PerfRecording> PerfRecording::start(RecordSpec spec, const std::vector<int>& perf_cpus) {
  auto control = Pipe::open();
  if (!control) return pass_on(control);
  auto answers = Pipe::open();
  if (!answers) return pass_on(answers);
  spec.control_fd = control->read_end.get();
  spec.acknowledge_fd = answers->write_end.get();

  auto log = spec.output;
  log += ".log";
  const UniqueFd log_fd(open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!log_fd) return fail(ErrorKind::kEnvironment, "cannot write {}: {}", log.string(), errno_text(errno));

  auto command = perf_record_command(spec);
  auto perf = ChildProcess::exec({.name = "perf",
                                  .keep_fds = {spec.control_fd, spec.acknowledge_fd},
                                  .cpus = perf_cpus,
                                  .stdout_fd = log_fd.get(),
                                  .stderr_fd = log_fd.get()},
                                 command);
  if (!perf) return pass_on(perf);
  PerfRecording recording(std::move(*perf), std::move(control->write_end),
                          LineReader(std::move(answers->read_end), "perf"));
  recording.command_ = std::move(command);
  recording.log_ = std::move(log);
  return recording;
}

PerfRecording::~PerfRecording() {
  std::error_code ignored;
  if (!log_.empty()) std::filesystem::remove(log_, ignored);
}

Result<> PerfRecording::enable(const WaitLimits& limits) { return tell("enable", limits); }

Result<> PerfRecording::disable(const WaitLimits& limits) { return tell("disable", limits); }

Result<> PerfRecording::tell(std::string_view command, const WaitLimits& limits) {
  if (auto told = write_all(control_.get(), fmt::format("{}\n", command), "perf"); !told) {
    return std::unexpected(why_perf_ended(told.error()));
  }
  auto answer = answers_.next(limits);
  if (!answer && answer.error().kind == ErrorKind::kInterrupted) return pass_on(answer);
  if (!answer) return std::unexpected(why_perf_ended(answer.error()));
  // perf sends the terminating NUL of "ack\n" as well, so it leads the next answer.
  if (answer->ends_with("ack")) return {};
  return fail(ErrorKind::kEnvironment, "perf answered \"{}\" to {}", *answer, command);
}

Error PerfRecording::why_perf_ended(const Error& otherwise) {
  const auto status = perf_.wait({.timeout = std::chrono::seconds{2}});
  if (!status) return otherwise;
  return {.kind = ErrorKind::kEnvironment, .message = explain_perf_failure(*status, content_of(log_))};
}

Result<> PerfRecording::finish(const WaitLimits& limits) {
  // SIGINT is what perf expects at the end of a session; "stop" on the control pipe needs perf 5.16.
  perf_.send_signal(SIGINT);
  auto status = perf_.wait(limits);
  if (!status) return pass_on(status);
  // A perf that SIGINT ended either exits with 0 or re-raises the signal after writing its file.
  if (*status != 0 && *status != 128 + SIGINT) {
    return fail(ErrorKind::kEnvironment, "{}", explain_perf_failure(*status, content_of(log_)));
  }
  return {};
}

}  // namespace sockscope

#include "parsers/ctf/recording.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <utility>

#include "base/child_process.h"
#include "base/unique_fd.h"
#include "parsers/ctf/trace_folder.h"
#include "parsers/ctf/transcript.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/temporary_file.h"

namespace sockscope::ctf {
namespace {

// What the child exits with.
constexpr int kWritten = 0;
constexpr int kBadInput = 10;
constexpr int kBadEnvironment = 11;

constexpr std::size_t kLongestMessage = 1024;  // fits into a pipe that nobody reads yet
constexpr std::chrono::milliseconds kPatience{std::numeric_limits<int>::max()};

/// In the child: a sentence into the pipe, its kind as the exit status.
int transcribe(const TraceFolder& trace, int out, int messages) {
  const auto written = write_transcript(trace, out, messages);
  if (written) return kWritten;
  const std::string text = written.error().message.substr(0, kLongestMessage);
  if (::write(messages, text.data(), text.size()) < 0) return kBadInput;
  return written.error().kind == ErrorKind::kEnvironment ? kBadEnvironment : kBadInput;
}

std::string message_from(const UniqueFd& pipe) {
  std::array<char, kLongestMessage> text{};
  const ssize_t count = ::read(pipe.get(), text.data(), text.size());
  return count > 0 ? std::string(text.data(), static_cast<std::size_t>(count)) : std::string();
}

std::unexpected<Error> failed(const std::filesystem::path& path, int status, const std::string& message) {
  if (message.empty()) {
    return fail(ErrorKind::kInput, "{}: babeltrace2 broke down over it (exit status {}): damaged, or made to do harm",
                path.string(), status);
  }
  return fail(status == kBadEnvironment ? ErrorKind::kEnvironment : ErrorKind::kInput, "{}: {}", path.string(),
              message);
}

}  // namespace

Result<perf_data::Reader> open_recording(const std::filesystem::path& path) {
  const auto trace = find_trace(path);
  if (!trace) return std::unexpected(trace.error());
  const auto file = perf_data::make_temporary_file();
  if (!file) return std::unexpected(file.error());
  auto pipe = Pipe::open();
  if (!pipe) return pass_on(pipe);
  const int out = file->get();
  const int messages = pipe->write_end.get();
  const UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  auto child = ChildProcess::run(
      {.name = "sockscope-ctf", .keep_fds = {out, messages}, .stdout_fd = nowhere.get(), .stderr_fd = nowhere.get()},
      [&] { return transcribe(*trace, out, messages); });
  if (!child) return pass_on(child);
  pipe->write_end.reset();
  const auto status = child->wait({.timeout = kPatience});
  if (!status) return std::unexpected(status.error());
  if (*status != kWritten) return failed(path, *status, message_from(pipe->read_end));
  auto mapped = perf_data::MappedFile::map(*file);
  if (!mapped) return fail(ErrorKind::kInput, "{}: {}", path.string(), mapped.error().message);
  return perf_data::Reader::read(std::move(*mapped), path.string());
}

}  // namespace sockscope::ctf

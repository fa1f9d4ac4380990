#include "harness/line_output.h"

#include <fcntl.h>

#include <cerrno>

#include "harness/run_directory.h"

namespace sockscope {

Result<LineOutput> LineOutput::open(const std::filesystem::path& file) {
  if (file.empty()) return LineOutput();
  UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot write {}: {}", file.string(), errno_text(errno));
  give_to_invoker(file);
  return LineOutput(std::move(fd), file.string());
}

Result<bool> LineOutput::write(std::string_view text) const {
  const int fd = file_ ? file_.get() : STDOUT_FILENO;
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EPIPE) return false;
    if (put < 0) return fail(ErrorKind::kEnvironment, "cannot write to {}: {}", name_, errno_text(errno));
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace sockscope

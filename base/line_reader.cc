#include "base/line_reader.h"

#include <array>
#include <cerrno>

namespace sockscope {

Result<std::string> LineReader::next(const WaitLimits& limits) {
  while (true) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    if (auto ready = wait_readable(fd_.get(), limits, peer_); !ready) return pass_on(ready);
    std::array<char, 65'536> chunk{};
    const ssize_t got = read(fd_.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kEnvironment, "cannot read from {}: {}", peer_, errno_text(errno));
    if (got == 0) return fail(ErrorKind::kEnvironment, "{} ended unexpectedly", peer_);
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

Result<> write_all(int fd, std::string_view text, std::string_view peer) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail(ErrorKind::kEnvironment, "cannot write to {}: {}", peer, errno_text(errno));
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace sockscope

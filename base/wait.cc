#include "base/wait.h"

#include <poll.h>

#include <array>
#include <cerrno>

namespace sockscope {

Result<> wait_readable(int fd, const WaitLimits& limits, std::string_view what) {
  const auto deadline = std::chrono::steady_clock::now() + limits.timeout;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    std::array<pollfd, 2> waiting{
        {{.fd = fd, .events = POLLIN, .revents = 0}, {.fd = limits.interrupt_fd, .events = POLLIN, .revents = 0}}};
    const int ready = poll(waiting.data(), waiting.size(), left > 0 ? static_cast<int>(left) : 0);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return fail(ErrorKind::kEnvironment, "cannot wait for {}: {}", what, errno_text(errno));
    if (waiting[1].revents != 0) return fail(ErrorKind::kInterrupted, "interrupted");
    if (waiting[0].revents != 0) return {};
    if (left <= 0) {
      return fail(ErrorKind::kEnvironment, "no answer from {} within {} ms", what, limits.timeout.count());
    }
  }
}

}  // namespace sockscope

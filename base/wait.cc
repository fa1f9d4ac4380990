#include "base/wait.h"

#include <poll.h>

#include <array>
#include <cerrno>

namespace sockscope {

Result<> wait_readable(int fd, const WaitLimits& limits, std::string_view what) {
  constexpr int none = -1;
  auto readable = wait_readable_either(fd, none, limits, what);
  return readable ? Result<>{} : pass_on(readable);
}

Result<bool> wait_readable_either(int fd, int second_fd, const WaitLimits& limits, std::string_view what) {
  const auto deadline = std::chrono::steady_clock::now() + limits.timeout;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    std::array<pollfd, 3> waiting{{{.fd = fd, .events = POLLIN, .revents = 0},
                                   {.fd = limits.interrupt_fd, .events = POLLIN, .revents = 0},
                                   {.fd = second_fd, .events = POLLIN, .revents = 0}}};
    const int ready = poll(waiting.data(), waiting.size(), left > 0 ? static_cast<int>(left) : 0);
    if (ready < 0 && errno == EINTR) continue;
    if (ready < 0) return fail(ErrorKind::kEnvironment, "cannot wait for {}: {}", what, errno_text(errno));
    if (waiting[1].revents != 0) return fail(ErrorKind::kInterrupted, "interrupted");
    if (waiting[2].revents != 0) return true;
    if (waiting[0].revents != 0) return false;
    if (left <= 0) {
      return fail(ErrorKind::kEnvironment, "no answer from {} within {} ms", what, limits.timeout.count());
    }
  }
}

}  // namespace sockscope

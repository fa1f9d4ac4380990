#include "base/interrupt.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>

namespace sockscope {

Result<Interrupt> Interrupt::install() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  if (sigprocmask(SIG_BLOCK, &signals, nullptr) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot block signals: {}", errno_text(errno));
  }
  UniqueFd fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail(ErrorKind::kEnvironment, "cannot open a signalfd: {}", errno_text(errno));
  return Interrupt(std::move(fd));
}

bool Interrupt::requested() const {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, 0) > 0;
}

}  // namespace sockscope

#include "tests/harness/interruptible.h"

#include <ctime>
#include <stdexcept>
#include <utility>

namespace sockscope {
namespace {

sigset_t mask_now() {
  sigset_t mask;
  sigprocmask(SIG_BLOCK, nullptr, &mask);
  return mask;
}

Interrupt install() {
  auto installed = Interrupt::install();
  if (!installed) throw std::runtime_error(installed.error().message);
  return std::move(*installed);
}

}  // namespace

Interruptible::Interruptible()
    : pipe_handler_before_(std::signal(SIGPIPE, SIG_IGN)), mask_before_(mask_now()), interrupt_(install()) {}

Interruptible::~Interruptible() {
  sigset_t pending;
  sigemptyset(&pending);
  sigaddset(&pending, SIGINT);
  const timespec at_once{};
  while (sigtimedwait(&pending, nullptr, &at_once) > 0) {
  }
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  (void)std::signal(SIGPIPE, pipe_handler_before_);
}

}  // namespace sockscope

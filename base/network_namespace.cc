#include "base/network_namespace.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>

namespace sockscope {
namespace {

Result<UniqueFd> open_current() {
  UniqueFd fd(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (fd) return fd;
  return fail(ErrorKind::kEnvironment, "cannot open /proc/thread-self/ns/net: {}", errno_text(errno));
}

}  // namespace

Result<NetworkNamespace> NetworkNamespace::make() {
  auto before = open_current();
  if (!before) return pass_on(before);
  if (unshare(CLONE_NEWNET) != 0) {
    const int error = errno;
    if (error == EPERM) return fail(ErrorKind::kEnvironment, "making a network namespace is for root: run with sudo");
    if (error == EINVAL) {
      return fail(ErrorKind::kEnvironment, "this kernel has no network namespaces (CONFIG_NET_NS)");
    }
    return fail(ErrorKind::kEnvironment, "cannot make a network namespace: {}", errno_text(error));
  }
  const InNamespace and_back(std::move(*before));
  auto fd = open_current();
  if (!fd) return pass_on(fd);
  return NetworkNamespace(std::move(*fd));
}

Result<InNamespace> InNamespace::enter(int namespace_fd) {
  if (namespace_fd < 0) return InNamespace(UniqueFd());
  auto before = open_current();
  if (!before) return pass_on(before);
  if (auto moved = move_to_namespace(namespace_fd); !moved) return pass_on(moved);
  return InNamespace(std::move(*before));
}

// Whoever could leave a namespace may return to it.
InNamespace::~InNamespace() {
  if (before_) (void)setns(before_.get(), CLONE_NEWNET);
}

Result<> move_to_namespace(int namespace_fd) {
  if (namespace_fd < 0 || setns(namespace_fd, CLONE_NEWNET) == 0) return {};
  return fail(ErrorKind::kEnvironment, "cannot enter a network namespace: {}", errno_text(errno));
}

}  // namespace sockscope

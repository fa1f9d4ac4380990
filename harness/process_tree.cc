#include "harness/process_tree.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "harness/open_sockets.h"

namespace sockscope {
namespace {

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

std::vector<pid_t> descendants_of(pid_t pid) {
  std::vector<pid_t> all = children_of(pid);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto children = children_of(all[i]);
    all.insert(all.end(), children.begin(), children.end());
  }
  return all;
}

std::vector<UniqueFd> watch(const std::vector<pid_t>& pids) {
  std::vector<UniqueFd> watched;
  watched.reserve(pids.size());
  for (const pid_t pid : pids) {
    UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (process) watched.push_back(std::move(process));
  }
  return watched;
}

bool listens(const std::vector<pid_t>& pids) {
  return std::ranges::any_of(pids, [](pid_t pid) {
    return std::ranges::any_of(open_sockets_of(pid), [](const OpenSocket& socket) { return socket.is_waiting; });
  });
}

Result<OrphanKeeper> OrphanKeeper::install() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) == 0) return OrphanKeeper();
  return fail(ErrorKind::kEnvironment, "cannot become the parent of orphans: {}", errno_text(errno));
}

OrphanKeeper::~OrphanKeeper() {
  if (!is_installed_) return;
  // Until there is no child left: what is killed leaves its own children to us.
  while (true) {
    for (const pid_t pid : descendants_of(getpid())) kill(pid, SIGKILL);
    const pid_t ended = waitpid(-1, nullptr, 0);
    if (ended < 0 && errno != EINTR) break;
  }
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

}  // namespace sockscope

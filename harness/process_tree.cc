#include "harness/process_tree.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>

namespace sockscope {
namespace {

// include/net/tcp_states.h, as /proc/net has them. A UDP socket that is bound and not connected is "closed".
constexpr std::string_view kListen = "0A";
constexpr std::string_view kBound = "07";

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), gone)) {
    std::ifstream file(task.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

/// "socket:[12345]" of each descriptor that is one.
void add_sockets(pid_t pid, std::set<std::string>& inodes) {
  std::error_code gone;
  for (const auto& fd : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid), gone)) {
    const std::string target = std::filesystem::read_symlink(fd.path(), gone).string();
    constexpr std::string_view prefix = "socket:[";
    if (target.starts_with(prefix)) inodes.insert(target.substr(prefix.size(), target.size() - prefix.size() - 1));
  }
}

/// Whether /proc/PID/net/NAME has one of the sockets in that state: columns 4 and 10 of its lines.
bool has_socket_in(const std::string& path, std::string_view state, const std::set<std::string>& inodes) {
  constexpr std::size_t state_at = 3;
  constexpr std::size_t inode_at = 9;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::array<std::string, inode_at + 1> columns;
    for (std::string& column : columns) words >> column;
    if (columns[state_at] == state && inodes.contains(columns[inode_at])) return true;
  }
  return false;
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
  std::set<std::string> inodes;
  for (const pid_t pid : pids) add_sockets(pid, inodes);
  if (inodes.empty()) return false;
  for (const pid_t pid : pids) {
    for (const std::string_view name : {"tcp", "tcp6", "udp", "udp6"}) {
      const std::string_view state = name.starts_with("tcp") ? kListen : kBound;
      if (has_socket_in(fmt::format("/proc/{}/net/{}", pid, name), state, inodes)) return true;
    }
  }
  return false;
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

#pragma once

#include <sys/types.h>

#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// All processes below this one, as /proc has them now; without it.
std::vector<pid_t> descendants_of(pid_t pid);

/// A descriptor for each that has not ended, readable once it has (pidfd_open(2)).
std::vector<UniqueFd> watch(const std::vector<pid_t>& pids);

/// Whether one of these processes has a TCP socket that listens or a UDP socket that is bound, in its own network
/// namespace.
bool listens(const std::vector<pid_t>& pids);

/// While it lives, orphans below this process become its children instead of init's; at its end all that is left of
/// them is killed. No program that was started leaves anything running, whatever it does to get away.
class OrphanKeeper {
 public:
  static Result<OrphanKeeper> install();
  OrphanKeeper(OrphanKeeper&& other) noexcept : is_installed_(other.is_installed_) { other.is_installed_ = false; }
  OrphanKeeper& operator=(OrphanKeeper&&) = delete;
  OrphanKeeper(const OrphanKeeper&) = delete;
  OrphanKeeper& operator=(const OrphanKeeper&) = delete;
  ~OrphanKeeper();

 private:
  OrphanKeeper() = default;
  bool is_installed_ = true;
};

}  // namespace sockscope

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// The processes of this machine, as far as /proc shows them: what a run may have been disturbed by.
namespace sockscope {

struct NamedProcess {
  pid_t pid = 0;
  std::string name;  ///< comm: the first 15 characters.
};

std::vector<NamedProcess> named_processes(const std::filesystem::path& root = "/");

/// The CPU time of each that is there, threads that ended included, in nanoseconds: a clock that everybody may read.
std::map<pid_t, std::uint64_t> process_clocks(const std::filesystem::path& root = "/");

/// What a process is and where it last ran: /proc/PID/stat. An empty name if it has gone.
struct LastSeen {
  std::string name;
  int cpu = -1;
};
LastSeen last_seen(pid_t pid, const std::filesystem::path& root = "/");

/// Who of them traces, and whether tracefs does on its own: "strace (pid 12)", "tracefs (events/enable)". What only
/// root may see is left out for others.
std::vector<std::string> tracers_among(const std::vector<NamedProcess>& processes,
                                       const std::filesystem::path& root = "/");

}  // namespace sockscope

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace sockscope {

/// A process in a network namespace of ours.
struct LabProcess {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string comm;

  bool operator==(const LabProcess&) const = default;
};

/// Those in a network namespace that has one of our devices and is not that of the caller, by pid. `proc` is /proc. A
/// namespace without a process and without anybody that has it open is gone, with all that was in it. The namespace of
/// Topology::kLoopback has no device by which it could be told from others'.
std::vector<LabProcess> lab_processes(const std::filesystem::path& proc);

/// Ends of workloads among them whose run is over: init is their parent now, where no other process takes orphans in
/// (PR_SET_CHILD_SUBREAPER). They keep its namespaces alive.
///
/// They should not be there: an end dies with its run (PR_SET_PDEATHSIG), however that dies.
std::vector<LabProcess> left_over(const std::vector<LabProcess>& processes);

/// Ends what left_over() finds, before a new run makes namespaces of its own.
void end_left_over(const std::filesystem::path& proc);

}  // namespace sockscope

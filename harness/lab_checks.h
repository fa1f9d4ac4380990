#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/capabilities.h"

/// What `doctor` says of network topologies.
namespace sockscope {

/// A process in a network namespace of ours.
struct LabProcess {
  pid_t pid = 0;
  pid_t parent = 0;
  std::string comm;

  bool operator==(const LabProcess&) const = default;
};

/// Those in a network namespace that has one of our devices and is not that of the caller, by pid. `proc` is /proc. A
/// namespace without a process and without anybody that has it open is gone, with all that was in it.
std::vector<LabProcess> lab_processes(const std::filesystem::path& proc);

/// Ends of workloads among them whose run is over: init is their parent now. They keep its namespaces alive.
///
/// They should not be there: an end dies with its run (PR_SET_PDEATHSIG), however that dies.
std::vector<LabProcess> left_over(const std::vector<LabProcess>& processes);

/// Which topologies can be made here: each is, for a moment.
Check topologies_check();

/// Whether a run that was killed has left anything behind.
Check leftovers_check(const std::filesystem::path& proc);

/// Ends what left_over() finds, before a new run makes namespaces of its own.
void end_left_over(const std::filesystem::path& proc);

}  // namespace sockscope

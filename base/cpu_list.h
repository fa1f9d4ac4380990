#pragma once

#include <string>
#include <vector>

namespace sockscope {

/// The CPUs that this process may run on (sched_getaffinity(2)), in rising order. Never empty.
std::vector<int> allowed_cpus();

/// Moves the calling thread to these CPUs (sched_setaffinity(2)). False if the kernel refuses. Async-signal-safe.
bool move_to_cpus(const std::vector<int>& cpus);

/// "0-3,8": as the kernel writes CPU lists.
std::string cpu_list_text(const std::vector<int>& cpus);

}  // namespace sockscope

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>

#include "base/error.h"

namespace sockscope {

/// How often these threads have left a CPU since they began, voluntarily or not, as the kernel's own book-keeping has
/// it (/proc/<tid>/status, proc_pid_status(5)). It is kept for every thread anyway, so asking disturbs nothing.
[[nodiscard]] Result<std::uint64_t> switches_since_start(std::span<const pid_t> tids);

}  // namespace sockscope

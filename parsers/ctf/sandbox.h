#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"

namespace sockscope::ctf {

/// Takes from this process, for good, what reading a trace does not need: it may open files to read them, write into
/// these descriptors, and ask for memory; it may not start or signal other processes, load code, open sockets or change
/// any file (seccomp(2), and limits on memory and on what it writes). For a child process that a library runs in.
///
/// kEnvironment when the kernel refuses.
[[nodiscard]] Result<> give_up_rights(std::span<const int> writable, std::uint64_t most_written_bytes);

}  // namespace sockscope::ctf

#pragma once

#include <filesystem>

#include "harness/capabilities.h"

/// What `doctor` says of network topologies.
namespace sockscope {

/// Which topologies can be made here: each is, for a moment.
Check topologies_check();

/// Whether a run that was killed has left anything behind.
Check leftovers_check(const std::filesystem::path& proc);

}  // namespace sockscope

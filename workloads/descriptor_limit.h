#pragma once

#include <cstdint>

#include "base/error.h"

namespace sockscope {

/// Lets this process have so many sockets beside its other descriptors. kEnvironment, with the command that helps, if
/// the hard limit (ulimit -Hn) forbids it.
Result<> allow_sockets(std::uint64_t sockets);

}  // namespace sockscope

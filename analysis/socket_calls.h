#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "analysis/event.h"

namespace sockscope {

/// What the system call of that number does to descriptors, as `arch` (uname's) numbers them; nothing for all other
/// calls, and on a machine that is not in the table.
std::optional<SocketOperation> socket_operation(std::string_view arch, std::int64_t number);

}  // namespace sockscope

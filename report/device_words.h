#pragma once

#include <string>

#include "analysis/summary.h"

namespace sockscope {

/// "client to port-c", "port-c, backlog", "port-c passes on to port-s": a step for people.
[[nodiscard]] std::string text_of(const DeviceStep& step);

}  // namespace sockscope

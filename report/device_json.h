#pragma once

#include <vector>

#include "analysis/summary.h"
#include "report/figure_json.h"

namespace sockscope {

/// The steps from device to device, as results/README.md has them under "devices".
[[nodiscard]] Json devices_part(const std::vector<DeviceStep>& steps);

}  // namespace sockscope

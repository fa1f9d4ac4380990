#pragma once

#include <vector>

#include "base/error.h"
#include "base/interrupt.h"
#include "harness/measure_options.h"
#include "report/topologies_report.h"

namespace sockscope {

/// Adds the functions that each of these topologies adds to a round trip over loopback, and those that it has not, by
/// recordings with call chains as `functions` makes them. Loopback itself is not in it. kInterrupted if the user stops
/// it; what was added before that, or before another error, is whole.
[[nodiscard]] Result<> add_topology_functions(const MeasureOptions& measure, const std::vector<Topology>& topologies,
                                              const Interrupt& interrupt, std::vector<TopologyFunctions>& functions);

}  // namespace sockscope

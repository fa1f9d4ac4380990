#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/device_times.h"
#include "analysis/summary.h"
#include "base/topology.h"

namespace sockscope {

/// A protocol over a topology: "bridge-tcp", "bridge TCP".
[[nodiscard]] Variant variant_of(Topology topology, Protocol protocol);

/// What the devices between the ends cost a protocol.
struct TopologyCost {
  Topology topology = Topology::kLoopback;
  Protocol protocol = Protocol::kTcp;
  double rtt_p50_ns = 0;  ///< What stands for its untraced runs.
  /// The median round trip, A being the topology and B loopback, over the rounds that have both; of loopback itself
  /// nothing.
  std::optional<ComparedFigure> over_loopback;
  std::optional<PathCounts> counts;  ///< Of the traced runs; skbs are counted at each device.
  std::vector<DeviceStep> steps;     ///< Device by device; empty where there is one.
};

/// Of all topologies that were measured, in the order of kTopologies, TCP before UDP.
[[nodiscard]] std::vector<TopologyCost> topology_costs(const std::vector<VariantSummary>& variants,
                                                       const PairedRule& rule);

}  // namespace sockscope

#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"
#include "analysis/topology_comparison.h"
#include "report/table.h"

namespace sockscope {

/// A topology that could not be made, and why.
struct LackingTopology {
  Topology topology = Topology::kIpvlan;
  std::string why;
};

/// What `sockscope topologies` found. The functions that a topology adds come from recordings with call chains: they
/// are a list of TopologyCost's when `functions` has been told to compare two topologies (docs/topologies.md).
struct TopologiesReport {
  Summary summary;  ///< Its variants are variant_of(topology, protocol).
  std::vector<TopologyCost> costs;
  std::vector<LackingTopology> lacking;
};

/// For people: round trip, percent over loopback, skbs of each, and what this kernel lacks.
[[nodiscard]] std::string render_topologies_table(const TopologiesReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.topologies/1" (results/README.md).
[[nodiscard]] std::string render_topologies_json(const TopologiesReport& report);

}  // namespace sockscope

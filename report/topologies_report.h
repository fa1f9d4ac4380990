#pragma once

#include <string>
#include <vector>

#include "analysis/function_comparison.h"
#include "analysis/summary.h"
#include "analysis/topology_comparison.h"
#include "report/table.h"

namespace sockscope {

/// A topology that could not be made, and why.
struct LackingTopology {
  Topology topology = Topology::kIpvlan;
  std::string why;
};

/// The kernel functions of a protocol over a topology, which is A, and over loopback.
struct TopologyFunctions {
  Topology topology = Topology::kLoopback;
  Protocol protocol = Protocol::kTcp;
  std::string unit = "round trip";  ///< What hits are divided by.
  FunctionComparison compared;
  std::vector<std::string> warnings;  ///< What speaks against the lists: events lost, functions without a name.
};

/// What `sockscope topologies` found.
struct TopologiesReport {
  Summary summary;  ///< Its variants are variant_of(topology, protocol).
  std::vector<TopologyCost> costs;
  std::vector<LackingTopology> lacking;
  std::vector<TopologyFunctions> functions;  ///< Empty if they were not recorded.
};

/// For people: round trip, percent over loopback, skbs of each, and what this kernel lacks.
[[nodiscard]] std::string render_topologies_table(const TopologiesReport& report, const TableOptions& options = {});

/// For programs: schema "sockscope.topologies/1" (results/README.md).
[[nodiscard]] std::string render_topologies_json(const TopologiesReport& report);

}  // namespace sockscope

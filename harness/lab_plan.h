#pragma once

#include <string>
#include <vector>

#include "base/topology.h"
#include "workloads/address.h"

namespace sockscope {

/// Whose network namespace. With Topology::kLoopback the client's and the server's are one.
enum class LabPlace { kClient, kServer, kMiddle };

/// One command of ip(8), without the "ip", and where it is given.
struct LabStep {
  LabPlace place = LabPlace::kClient;
  std::string command;
};

/// How a topology is made: of empty namespaces, by these steps in this order.
struct LabPlan {
  bool has_server = true;  ///< The server is in a namespace of its own.
  bool has_middle = false;
  std::vector<LabStep> steps;  ///< "@client" and "@server" stand for the paths of these namespaces.
  std::string nft;             ///< What nft(8) reads in the middle; empty: nothing.
  std::string server_address;
  std::string needs;  ///< What the kernel is configured with that has it: "CONFIG_VETH".
};

/// All addresses are of the blocks for benchmarks between networks (RFC 2544, RFC 5180). Neighbours are permanent and
/// bridges flood no more than once, so that only the workload's packets are on the way.
LabPlan lab_plan(Topology topology, IpVersion version);

}  // namespace sockscope

#include "analysis/topology_stations.h"

namespace sockscope {

TopologyStations stations_of(Topology topology) {
  switch (topology) {
    case Topology::kLoopback:
    case Topology::kVeth:
    case Topology::kMacvlan:
    case Topology::kIpvlan:
      return {};
    case Topology::kBridge:
      return {.from_client = {.queued = 2, .rx = 2, .received = 2},
              .from_server = {.queued = 2, .rx = 2, .received = 2}};
    case Topology::kVxlan:
      return {.from_client = {.queued = 2, .rx = 1, .received = 2},
              .from_server = {.queued = 2, .rx = 1, .received = 2}};
    case Topology::kBridgeNat:
      return {.from_client = {.queued = 2, .rx = 2, .received = 3},
              .from_server = {.queued = 3, .rx = 2, .received = 2}};
  }
  return {};
}

}  // namespace sockscope

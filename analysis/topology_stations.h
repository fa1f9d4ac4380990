#pragma once

#include <cstdint>

#include "base/topology.h"

namespace sockscope {

/// How often a packet is seen at each kind of station on its way through a topology.
struct StationCounts {
  std::uint64_t queued = 1;    ///< net:net_dev_queue, and net:net_dev_xmit
  std::uint64_t rx = 1;        ///< net:netif_rx
  std::uint64_t received = 1;  ///< net:netif_receive_skb
};

struct TopologyStations {
  StationCounts from_client;
  StationCounts from_server;
};

/// A bridge queues a packet again at the port that it leaves by; where it has an address, it takes up a packet for
/// itself once more and queues its own once more. A vxlan device queues it, wrapped, at the device under it, and takes
/// it up again, unwrapped, without netif_rx.
TopologyStations stations_of(Topology topology);

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "analysis/packet_counts.h"
#include "analysis/recorded_events.h"
#include "analysis/summary.h"
#include "base/topology.h"

namespace sockscope {

/// What the laws of one variant are checked on, beside its summary.
struct Evidence {
  std::optional<PacketCounts> packets;  ///< If all skbs of the recording were this variant's.
  std::optional<Topology> topology{};   ///< What lay between the ends; absent: this machine's lo.
  std::uint64_t unsound = 0;            ///< Round trips whose stages do not add up, or with a negative one.
  std::uint64_t udp_drops = 0;          ///< Datagrams that found the receive buffer full.
  Measurements measured;                ///< What the ends of a workload counted that is followed as programs are.
  RecordedEvents recorded;              ///< In all recordings; a law is checked on what there is of its events.

  Evidence& operator+=(const Evidence& other);
};

/// How far two counts of the same thing may be apart: 1 %, and at least 2, which is what happens between reading one
/// counter and the other.
bool agree_within_one_percent(std::uint64_t one, std::uint64_t other);

/// All laws that can be checked on what was measured:
///
///   skbs        net_dev_queue = net_dev_xmit = netif_rx = netif_receive_skb; through several devices, each as often as
///               the topology has stations of the kind (analysis/topology_stations.h)
///   messages    at least 99.9 % of those sent were followed to their receive
///   stages      they add up to the round trip, to the nanosecond, and none is negative
///   clock       the median time between two requests, trace against workload, within 3 %
///   switches    of each end, trace against getrusage, within 1 %, voluntary and involuntary each
///   datagrams   (UDP) sent = received + dropped
///
/// Of workloads whose sockets are followed, in the place of skbs and clock:
///
///   bytes       (TCP) in the packets with data = their headers + what the workload sent
///   drops       (UDP) udp_fail_queue_rcv_skb = kfree_skb for want of room = those that the socket counted
///
/// Of recordings of programs, check_owners() besides.
std::vector<Law> check_laws(const VariantSummary& summary, const Evidence& evidence);

/// The skbs law alone, of one variant by its key, or of a recording as a whole (empty).
Law check_packets(std::string_view variant, const PacketCounts& packets, const RecordedEvents& recorded = {});

/// The same of a topology.
Law check_stations(std::string_view variant, Topology topology, const PacketCounts& packets,
                   const RecordedEvents& recorded = {});

/// Every skb of the recorded programs was found to be a socket's of theirs.
Law check_owners(const std::vector<VariantSummary>& variants, std::uint64_t skbs_of_nobody);

}  // namespace sockscope

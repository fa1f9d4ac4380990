#pragma once

#include <cstdint>

namespace sockscope {

/// How many skbs were seen at each kind of station: on loopback each once, on the way through several devices as often
/// as there are devices.
struct PacketCounts {
  std::uint64_t queued = 0;       ///< net:net_dev_queue
  std::uint64_t transmitted = 0;  ///< net:net_dev_xmit
  std::uint64_t rx = 0;           ///< net:netif_rx, of those queued
  std::uint64_t received = 0;     ///< net:netif_receive_skb, of those queued
  std::uint64_t unannounced = 0;  ///< net:netif_receive_skb of others: their queueing was not recorded.
  std::uint64_t in_flight = 0;    ///< Queued and not received when the recording ended.

  /// Of topologies (base/topology.h): packets that the client's device and the server's were given and that were
  /// received, with the stations of those that were not.
  std::uint64_t of_client = 0;
  std::uint64_t of_server = 0;
  std::uint64_t unfinished_queued = 0;
  std::uint64_t unfinished_rx = 0;
  std::uint64_t unfinished_received = 0;
  std::uint64_t fragments = 0;  ///< Of datagrams, beyond the first of each.

  PacketCounts& operator+=(const PacketCounts& other) {
    queued += other.queued;
    transmitted += other.transmitted;
    rx += other.rx;
    received += other.received;
    unannounced += other.unannounced;
    in_flight += other.in_flight;
    of_client += other.of_client;
    of_server += other.of_server;
    unfinished_queued += other.unfinished_queued;
    unfinished_rx += other.unfinished_rx;
    unfinished_received += other.unfinished_received;
    fragments += other.fragments;
    return *this;
  }
};

}  // namespace sockscope

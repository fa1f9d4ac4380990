#pragma once

#include <cstdint>

namespace sockscope {

/// How many skbs were seen at each station of the loopback device.
struct PacketCounts {
  std::uint64_t queued = 0;       ///< net:net_dev_queue
  std::uint64_t transmitted = 0;  ///< net:net_dev_xmit
  std::uint64_t rx = 0;           ///< net:netif_rx, of those queued
  std::uint64_t received = 0;     ///< net:netif_receive_skb, of those queued
  std::uint64_t unannounced = 0;  ///< net:netif_receive_skb of others: their queueing was not recorded.
  std::uint64_t in_flight = 0;    ///< Queued and not received when the recording ended.

  PacketCounts& operator+=(const PacketCounts& other) {
    queued += other.queued;
    transmitted += other.transmitted;
    rx += other.rx;
    received += other.received;
    unannounced += other.unannounced;
    in_flight += other.in_flight;
    return *this;
  }
};

}  // namespace sockscope

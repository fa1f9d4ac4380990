#pragma once

#include <cstdint>

#include "analysis/message_path.h"
#include "analysis/packet_counts.h"
#include "base/flat_map.h"

namespace sockscope {

/// One skb between net_dev_queue and the end of its use.
struct Packet {
  std::uint64_t queue_ns = 0;
  std::uint64_t rx_ns = 0;       ///< 0 until netif_rx.
  std::uint64_t receive_ns = 0;  ///< 0 until netif_receive_skb.
  std::uint32_t len = 0;
  /// The message it carries: of which endpoint (an index), and which one of its messages.
  std::int32_t sender = kNobody;
  std::uint64_t message = 0;

  static constexpr std::int32_t kNobody = -1;

  /// When it was where, so far, becomes the message's.
  void give_times(MessagePath& path) const {
    path.queue_ns = queue_ns;
    path.rx_ns = rx_ns;
    path.receive_ns = receive_ns;
  }
};

/// The packets on their way through the loopback device, by skb address *and* time: an address is used again within
/// microseconds, so each net_dev_queue of it starts a new life and ends the one before. How many addresses a kernel
/// uses depends on its traffic, not on the length of the recording; beyond kMostPackets, the ones that arrived are
/// forgotten.
class PacketTable {
 public:
  static constexpr std::size_t kMostPackets = 131'072;

  /// net:net_dev_queue. The reference is good until the next call.
  Packet& queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len);

  /// net:net_dev_xmit, which says nothing about when: it traces the return of the driver, after netif_rx.
  void transmit();
  /// net:netif_rx
  void rx(std::uint64_t skbaddr, std::uint64_t time_ns);
  /// net:netif_receive_skb. Null for a packet whose queueing was not seen: its sender is none of the recorded threads,
  /// and the softirq that was left to a recorded one delivered it.
  Packet* receive(std::uint64_t skbaddr, std::uint64_t time_ns);

  /// A packet that has been queued; null for any other address.
  Packet* find(std::uint64_t skbaddr);

  /// How many were seen at each station. Packets that were not received when the recording ended are in flight.
  [[nodiscard]] PacketCounts counts() const;

 private:
  void forget_received();

  FlatMap<std::uint64_t, Packet> packets_;
  PacketCounts counts_;
};

}  // namespace sockscope

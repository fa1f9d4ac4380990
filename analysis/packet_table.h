#pragma once

#include <cstdint>
#include <memory>

#include "analysis/device_route.h"
#include "analysis/message_path.h"
#include "analysis/packet_counts.h"
#include "base/flat_map.h"

namespace sockscope {

/// One skb between net_dev_queue and the end of its use.
struct Packet {
  std::uint64_t queue_ns = 0;
  std::uint64_t rx_ns = 0;       ///< 0 until netif_rx of the device that it was given to last.
  std::uint64_t receive_ns = 0;  ///< 0 until netif_receive_skb, likewise.
  std::uint32_t len = 0;
  /// The message it carries: of which endpoint (an index), and which one of its messages.
  std::int32_t sender = kNobody;
  std::uint64_t message = 0;
  std::shared_ptr<DeviceRoute> route;  ///< Null on loopback.

  static constexpr std::int32_t kNobody = -1;

  /// When it was where, so far, and through which devices, becomes the message's.
  void give_path(MessagePath& path) const {
    path.queue_ns = queue_ns;
    path.rx_ns = rx_ns;
    path.receive_ns = receive_ns;
    path.route = route;
  }
};

/// The packets on their way, by skb address *and* time: an address is used again within microseconds, so each
/// net_dev_queue of it at a device that packets begin at starts a new life and ends the one before; at any other device
/// it goes on. How many addresses a kernel uses depends on its traffic, not on the length of the recording; beyond
/// kMostPackets, the ones that arrived are forgotten.
class PacketTable {
 public:
  static constexpr std::size_t kMostPackets = 131'072;

  /// net:net_dev_queue at a device that packets begin at (is_end). The reference is good until the next call.
  Packet& queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len,
                NetDevice device = NetDevice::kLoopback);
  /// And at one that passes them on.
  void pass_on(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device);

  /// The packet that was queued last is a part of the same datagram as the one before.
  void add_fragment() { ++counts_.fragments; }

  /// net:net_dev_xmit, which says nothing about when: it traces the return of the driver, after netif_rx.
  void transmit();
  /// net:netif_rx
  void rx(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device = NetDevice::kLoopback);
  /// net:netif_receive_skb. Null for a packet whose queueing was not seen: its sender is none of the recorded threads,
  /// and the softirq that was left to a recorded one delivered it.
  Packet* receive(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device = NetDevice::kLoopback);

  /// A packet that has been queued; null for any other address.
  Packet* find(std::uint64_t skbaddr);

  /// How many were seen at each station. Packets that were not received when the recording ended are in flight.
  [[nodiscard]] PacketCounts counts() const;

 private:
  void forget_received();
  static void add_end(const Packet& packet, PacketCounts& counts);

  FlatMap<std::uint64_t, Packet> packets_;
  PacketCounts counts_;
};

}  // namespace sockscope

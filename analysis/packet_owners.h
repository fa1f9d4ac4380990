#pragma once

#include <cstdint>
#include <optional>

#include "analysis/of_protocols.h"
#include "base/flat_map.h"

namespace sockscope {

/// Whose skb it is. No tracepoint of net says its protocol or its socket, so this follows from who queued it.
enum class Owner : std::uint8_t {
  kOthers,  ///< Not seen to be one of the programs'.
  kNobody,  ///< A program's thread queued it, and of which socket is not known.
  kTcp,
  kUdp,
};

[[nodiscard]] constexpr Owner owner_of(Protocol protocol) {
  return protocol == Protocol::kTcp ? Owner::kTcp : Owner::kUdp;
}

/// Counts the programs' skbs on the loopback device by protocol, and the softirqs that delivered them.
class PacketOwners {
 public:
  /// What NET_RX delivers in one thread right now. What is queued meanwhile in softirq context answers it: SYN-ACK,
  /// ACK, RST, an ICMP error.
  struct Delivery {
    std::uint64_t skb = 0;
    Owner owner = Owner::kOthers;
    OfProtocols<bool> is_counted;  ///< This softirq is, for that protocol.
  };

  /// net:net_dev_queue
  void queued(std::uint64_t skb, Owner owner);
  /// net:netif_receive_skb. What was received before and is again, is another skb at the same address, whose queueing
  /// nobody saw: a part of a large one that was cut up on its way.
  void received(std::uint64_t skb, Delivery& delivery);
  /// The skb turned out to be that protocol's and the programs', by the socket where it arrived: this outdoes what was
  /// concluded from its queueing.
  void arrived(std::uint64_t skb, Protocol protocol, Delivery& delivery);

  /// So many more, queued by other programs, were read by the programs.
  void add(Protocol protocol, std::uint64_t skbs) { skbs_[protocol] += skbs; }

  [[nodiscard]] std::uint64_t skbs(Protocol protocol) const { return skbs_[protocol]; }
  [[nodiscard]] std::uint64_t softirqs(Protocol protocol) const { return softirqs_[protocol]; }
  [[nodiscard]] std::uint64_t skbs_of_nobody() const { return skbs_of_nobody_; }

 private:
  void count(Owner owner, std::int64_t by);
  void count_softirq(Delivery& delivery);

  /// As PacketTable: addresses are used again at once, so that a kernel has few of them.
  static constexpr std::size_t kMostPackets = 131'072;

  struct Packet {
    Owner owner = Owner::kOthers;
    bool is_received = false;
  };

  FlatMap<std::uint64_t, Packet> packets_;  // by skb address, since its latest net_dev_queue
  OfProtocols<std::uint64_t> skbs_;
  OfProtocols<std::uint64_t> softirqs_;
  std::uint64_t skbs_of_nobody_ = 0;
};

}  // namespace sockscope

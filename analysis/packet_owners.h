#pragma once

#include <cstdint>
#include <optional>

#include "analysis/of_protocols.h"
#include "base/flat_map.h"
#include "base/net_device.h"

namespace sockscope {

/// Whose skb it is. No tracepoint of net says its protocol or its socket, so this follows from who queued it.
enum class Owner : std::uint8_t {
  kOthers,  ///< Not seen to be one of the programs'.
  kNobody,  ///< A program's thread queued it, and of which socket is not known.
  kTimer,   ///< A timer or a tasklet queued it, for whichever TCP socket was waiting: pacing, small queues.
  kTcp,
  kUdp,
};

[[nodiscard]] constexpr Owner owner_of(Protocol protocol) {
  return protocol == Protocol::kTcp ? Owner::kTcp : Owner::kUdp;
}

/// Nothing if it is not known to be of one of the programs' sockets.
[[nodiscard]] constexpr std::optional<Protocol> protocol_of(Owner owner) {
  if (owner == Owner::kTcp) return Protocol::kTcp;
  return owner == Owner::kUdp ? std::optional(Protocol::kUdp) : std::nullopt;
}

/// Counts the programs' skbs by protocol, each at every device that it is queued at, and the softirqs that delivered
/// them.
class PacketOwners {
 public:
  /// What NET_RX delivers in one thread right now. What is queued meanwhile in softirq context answers it: SYN-ACK,
  /// ACK, RST, an ICMP error.
  struct Delivery {
    std::uint64_t skb = 0;
    Owner owner = Owner::kOthers;
    OfProtocols<bool> is_counted;  ///< This softirq is, for that protocol.
  };

  struct Queued {
    Owner owner = Owner::kOthers;
    std::uint32_t len = 0;  ///< Bytes with all headers.
    bool has_data = false;
    bool is_at_tcp = false;  ///< One of the programs is in a call on a TCP socket, or was just now.
  };
  /// net:net_dev_queue at a device that packets begin at (is_end).
  ///
  /// What a timer sends is presumed to be the programs' if one of them is at TCP, until disown(): it need not
  /// be seen again. A large packet may be cut up on its way, and what arrives at a socket that a call has locked goes
  /// to its backlog, where it may become a part of the one before without a word (net/ipv4/tcp_ipv4.c,
  /// tcp_add_backlog).
  void queued(std::uint64_t skb, const Queued& how);
  /// And at one that passes them on.
  void passed_on(std::uint64_t skb);
  /// net:netif_receive_skb. What was received before at the same device and is again, is another skb at the same
  /// address, whose queueing nobody saw: a part of a large one that was cut up on its way.
  void received(std::uint64_t skb, Delivery& delivery, bool is_at_tcp = false, NetDevice device = NetDevice::kLoopback);
  /// It arrived at another program's socket.
  void disown(std::uint64_t skb, Delivery& delivery);
  /// The skb turned out to be that protocol's and the programs', by the socket where it arrived: this outdoes what was
  /// concluded from its queueing.
  void arrived(std::uint64_t skb, Protocol protocol, Delivery& delivery);
  /// The skb turned out to carry data.
  void carries_data(std::uint64_t skb);

  /// So many more, queued by other programs, were read by the programs.
  void add(Protocol protocol, std::uint64_t skbs) { skbs_[protocol] += skbs; }

  [[nodiscard]] std::uint64_t skbs(Protocol protocol) const { return skbs_[protocol]; }
  /// Those of them that carry data, and their bytes with all headers.
  [[nodiscard]] std::uint64_t data_skbs(Protocol protocol) const { return data_skbs_[protocol]; }
  [[nodiscard]] std::uint64_t data_skb_bytes(Protocol protocol) const { return data_skb_bytes_[protocol]; }
  [[nodiscard]] std::uint64_t softirqs(Protocol protocol) const { return softirqs_[protocol]; }
  [[nodiscard]] std::uint64_t skbs_of_nobody() const { return skbs_of_nobody_; }

 private:
  struct Packet {
    Owner owner = Owner::kOthers;
    NetDevice received_at = NetDevice::kOther;  // kOther: not yet
    std::uint8_t devices = 1;                   // that it was queued at
    bool is_presumed = false;
    bool has_data = false;
    std::uint32_t len = 0;
  };

  void presume(Packet& packet);
  void count_skbs(const Packet& packet, std::uint64_t change);
  void count(const Packet& packet, std::int64_t by);
  void count_data(const Packet& packet, std::int64_t by);
  void count_softirq(Delivery& delivery);

  /// As PacketTable: addresses are used again at once, so that a kernel has few of them.
  static constexpr std::size_t kMostPackets = 131'072;

  FlatMap<std::uint64_t, Packet> packets_;  // by skb address, since its latest net_dev_queue
  OfProtocols<std::uint64_t> skbs_;
  OfProtocols<std::uint64_t> data_skbs_;
  OfProtocols<std::uint64_t> data_skb_bytes_;
  OfProtocols<std::uint64_t> softirqs_;
  std::uint64_t skbs_of_nobody_ = 0;
};

}  // namespace sockscope

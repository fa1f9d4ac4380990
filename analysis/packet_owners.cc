#include "analysis/packet_owners.h"

namespace sockscope {
namespace {

std::optional<Protocol> protocol_of(Owner owner) {
  if (owner == Owner::kTcp) return Protocol::kTcp;
  return owner == Owner::kUdp ? std::optional(Protocol::kUdp) : std::nullopt;
}

}  // namespace

void PacketOwners::queued(std::uint64_t skb, Owner owner) {
  if (packets_.size() >= kMostPackets) packets_ = {};
  packets_[skb] = {.owner = owner};
  count(owner, 1);
}

void PacketOwners::received(std::uint64_t skb, Delivery& delivery) {
  delivery.skb = skb;
  delivery.owner = Owner::kOthers;
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr) return;
  if (packet->is_received) packet->owner = Owner::kOthers;
  packet->is_received = true;
  delivery.owner = packet->owner;
  count_softirq(delivery);
}

void PacketOwners::arrived(std::uint64_t skb, Protocol protocol, Delivery& delivery) {
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr || packet->owner == owner_of(protocol)) return;
  count(packet->owner, -1);
  packet->owner = owner_of(protocol);
  count(packet->owner, 1);
  if (delivery.skb != skb) return;
  delivery.owner = packet->owner;
  count_softirq(delivery);
}

void PacketOwners::count(Owner owner, std::int64_t by) {
  const auto change = static_cast<std::uint64_t>(by);
  if (owner == Owner::kNobody) skbs_of_nobody_ += change;
  if (const auto protocol = protocol_of(owner)) skbs_[*protocol] += change;
}

void PacketOwners::count_softirq(Delivery& delivery) {
  const auto protocol = protocol_of(delivery.owner);
  if (!protocol || delivery.is_counted[*protocol]) return;
  delivery.is_counted[*protocol] = true;
  ++softirqs_[*protocol];
}

}  // namespace sockscope

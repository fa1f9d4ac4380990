#include "analysis/packet_owners.h"

namespace sockscope {
void PacketOwners::queued(std::uint64_t skb, const Queued& how) {
  if (packets_.size() >= kMostPackets) packets_ = {};
  Packet& packet = packets_[skb];
  packet = {.owner = how.owner, .has_data = how.has_data, .len = how.len};
  count(packet, 1);
  if (how.is_at_tcp) presume(packet);
}

void PacketOwners::presume(Packet& packet) {
  if (packet.owner != Owner::kTimer) return;
  packet.is_presumed = true;
  packet.owner = Owner::kTcp;
  count(packet, 1);
}

void PacketOwners::passed_on(std::uint64_t skb) {
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr) return;
  packet->received_at = NetDevice::kOther;
  ++packet->devices;
  count_skbs(*packet, 1);
}

void PacketOwners::received(std::uint64_t skb, Delivery& delivery, bool is_at_tcp, NetDevice device) {
  delivery.skb = skb;
  delivery.owner = Owner::kOthers;
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr) return;
  if (packet->received_at == device) packet->owner = Owner::kOthers;
  packet->received_at = device;
  if (is_at_tcp) presume(*packet);
  delivery.owner = packet->owner;
  count_softirq(delivery);
}

void PacketOwners::disown(std::uint64_t skb, Delivery& delivery) {
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr || !packet->is_presumed) return;
  count(*packet, -1);
  packet->is_presumed = false;
  packet->owner = Owner::kOthers;
  if (delivery.skb == skb) delivery.owner = Owner::kOthers;
}

void PacketOwners::arrived(std::uint64_t skb, Protocol protocol, Delivery& delivery) {
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr || packet->owner == owner_of(protocol)) return;
  count(*packet, -1);
  packet->owner = owner_of(protocol);
  count(*packet, 1);
  if (delivery.skb != skb) return;
  delivery.owner = packet->owner;
  count_softirq(delivery);
}

void PacketOwners::carries_data(std::uint64_t skb) {
  Packet* const packet = packets_.find(skb);
  if (packet == nullptr || packet->has_data) return;
  packet->has_data = true;
  count_data(*packet, 1);
}

void PacketOwners::count(const Packet& packet, std::int64_t by) {
  count_skbs(packet, static_cast<std::uint64_t>(by) * packet.devices);
  if (packet.has_data) count_data(packet, by);
}

void PacketOwners::count_skbs(const Packet& packet, std::uint64_t change) {
  if (packet.owner == Owner::kNobody) skbs_of_nobody_ += change;
  if (const auto protocol = protocol_of(packet.owner)) skbs_[*protocol] += change;
}

void PacketOwners::count_data(const Packet& packet, std::int64_t by) {
  const auto protocol = protocol_of(packet.owner);
  if (!protocol) return;
  data_skbs_[*protocol] += static_cast<std::uint64_t>(by);
  data_skb_bytes_[*protocol] += static_cast<std::uint64_t>(by) * packet.len;
}

void PacketOwners::count_softirq(Delivery& delivery) {
  const auto protocol = protocol_of(delivery.owner);
  if (!protocol || delivery.is_counted[*protocol]) return;
  delivery.is_counted[*protocol] = true;
  ++softirqs_[*protocol];
}

}  // namespace sockscope

#include "analysis/packet_table.h"

namespace sockscope {

Packet& PacketTable::queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len) {
  ++counts_.queued;
  Packet& packet = packets_[skbaddr];
  packet = {.queue_ns = time_ns, .len = len};
  return packet;
}

Packet* PacketTable::transmit(std::uint64_t skbaddr) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->is_transmitted) return nullptr;
  packet->is_transmitted = true;
  ++counts_.transmitted;
  return packet;
}

Packet* PacketTable::rx(std::uint64_t skbaddr, std::uint64_t time_ns) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->rx_ns != 0) return nullptr;
  packet->rx_ns = time_ns;
  ++counts_.rx;
  return packet;
}

Packet* PacketTable::receive(std::uint64_t skbaddr, std::uint64_t time_ns) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->receive_ns != 0) return nullptr;
  packet->receive_ns = time_ns;
  ++counts_.received;
  return packet;
}

Packet* PacketTable::find(std::uint64_t skbaddr) {
  const auto found = packets_.find(skbaddr);
  return found == packets_.end() ? nullptr : &found->second;
}

PacketCounts PacketTable::counts() const {
  PacketCounts counts = counts_;
  for (const auto& [address, packet] : packets_) {
    if (packet.receive_ns == 0) ++counts.in_flight;
  }
  return counts;
}

}  // namespace sockscope

#include "analysis/packet_table.h"

namespace sockscope {

Packet& PacketTable::queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len) {
  ++counts_.queued;
  Packet& packet = packets_[skbaddr];
  packet = {};
  packet.queue_ns = time_ns;
  packet.len = len;
  return packet;
}

void PacketTable::transmit() { count(counts_.transmitted); }

void PacketTable::rx(std::uint64_t skbaddr, std::uint64_t time_ns) {
  count(counts_.rx);
  if (Packet* packet = find(skbaddr); packet != nullptr) packet->rx_ns = time_ns;
}

Packet* PacketTable::receive(std::uint64_t skbaddr, std::uint64_t time_ns) {
  count(counts_.received);
  Packet* packet = find(skbaddr);
  if (packet != nullptr) packet->receive_ns = time_ns;
  return packet;
}

/// What comes before the first queueing belongs to packets from before the recording.
void PacketTable::count(std::uint64_t& station) const {
  if (counts_.queued != 0) ++station;
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

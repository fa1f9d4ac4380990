#include "analysis/packet_table.h"

namespace sockscope {

Packet& PacketTable::queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len) {
  ++counts_.queued;
  if (packets_.size() >= kMostPackets) forget_received();
  Packet& packet = packets_[skbaddr];
  packet = {};
  packet.queue_ns = time_ns;
  packet.len = len;
  return packet;
}

void PacketTable::transmit() {
  // What comes before the first queueing belongs to a packet from before the recording.
  if (counts_.queued != 0) ++counts_.transmitted;
}

void PacketTable::rx(std::uint64_t skbaddr, std::uint64_t time_ns) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->rx_ns != 0) return;
  packet->rx_ns = time_ns;
  ++counts_.rx;
}

Packet* PacketTable::receive(std::uint64_t skbaddr, std::uint64_t time_ns) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->receive_ns != 0) {
    ++counts_.unannounced;
    return nullptr;
  }
  packet->receive_ns = time_ns;
  ++counts_.received;
  return packet;
}

Packet* PacketTable::find(std::uint64_t skbaddr) { return packets_.find(skbaddr); }

// Should all of them still be on their way, none of them ever arrives: a recording made to fill memory.
void PacketTable::forget_received() {
  packets_.erase_if([](std::uint64_t, const Packet& packet) { return packet.receive_ns != 0; });
  if (packets_.size() < kMostPackets / 2) return;
  counts_.in_flight += packets_.size();
  packets_ = {};
}

PacketCounts PacketTable::counts() const {
  PacketCounts counts = counts_;
  packets_.for_each([&](std::uint64_t, const Packet& packet) {
    if (packet.receive_ns == 0) ++counts.in_flight;
  });
  return counts;
}

}  // namespace sockscope

#include "analysis/packet_table.h"

#include <algorithm>

namespace sockscope {
namespace {

using Kind = DeviceStation::Kind;

/// It was taken up at one device and now is at another, without a netif_rx in between.
bool is_handed_on(const Packet& packet, NetDevice device) {
  if (!packet.route) return false;
  const DeviceStation& last = packet.route->stations.back();
  return last.kind == Kind::kReceived && last.device != device;
}

}  // namespace

Packet& PacketTable::queue(std::uint64_t skbaddr, std::uint64_t time_ns, std::uint32_t len, NetDevice device) {
  ++counts_.queued;
  if (packets_.size() >= kMostPackets) forget_received();
  Packet& packet = packets_[skbaddr];
  if (packet.route) add_end(packet, counts_);
  packet = {};
  packet.queue_ns = time_ns;
  packet.len = len;
  if (device == NetDevice::kLoopback) return packet;
  packet.route = std::make_shared<DeviceRoute>();
  packet.route->add(Kind::kQueued, device, time_ns);
  return packet;
}

void PacketTable::pass_on(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || !packet->route) return;
  ++counts_.queued;
  packet->rx_ns = 0;
  packet->receive_ns = 0;
  packet->route->add(Kind::kQueued, device, time_ns);
}

void PacketTable::transmit() {
  // What comes before the first queueing belongs to a packet from before the recording.
  if (counts_.queued != 0) ++counts_.transmitted;
}

void PacketTable::rx(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device) {
  Packet* packet = find(skbaddr);
  if (packet == nullptr || packet->rx_ns != 0) return;
  packet->rx_ns = time_ns;
  if (packet->route) packet->route->add(Kind::kArrived, device, time_ns);
  ++counts_.rx;
}

Packet* PacketTable::receive(std::uint64_t skbaddr, std::uint64_t time_ns, NetDevice device) {
  Packet* packet = find(skbaddr);
  const bool is_again = packet != nullptr && packet->receive_ns != 0;
  if (packet == nullptr || (is_again && !is_handed_on(*packet, device))) {
    ++counts_.unannounced;
    return nullptr;
  }
  if (is_again) packet->rx_ns = packet->receive_ns;
  packet->receive_ns = time_ns;
  if (packet->route) packet->route->add(Kind::kReceived, device, time_ns);
  ++counts_.received;
  return packet;
}

Packet* PacketTable::find(std::uint64_t skbaddr) { return packets_.find(skbaddr); }

/// What a packet through several devices comes to, when its life ends.
void PacketTable::add_end(const Packet& packet, PacketCounts& counts) {
  const auto& stations = packet.route->stations;
  if (packet.receive_ns != 0) {
    ++(stations.front().device == NetDevice::kClient ? counts.of_client : counts.of_server);
    return;
  }
  const auto number_of = [&stations](Kind kind) {
    return static_cast<std::uint64_t>(std::ranges::count(stations, kind, &DeviceStation::kind));
  };
  counts.unfinished_queued += number_of(Kind::kQueued);
  counts.unfinished_rx += number_of(Kind::kArrived);
  counts.unfinished_received += number_of(Kind::kReceived);
}

// Should all of them still be on their way, none of them ever arrives: a recording made to fill memory.
void PacketTable::forget_received() {
  packets_.erase_if([this](std::uint64_t, const Packet& packet) {
    if (packet.receive_ns != 0 && packet.route) add_end(packet, counts_);
    return packet.receive_ns != 0;
  });
  if (packets_.size() < kMostPackets / 2) return;
  counts_ = counts();
  packets_ = {};
}

PacketCounts PacketTable::counts() const {
  PacketCounts counts = counts_;
  packets_.for_each([&](std::uint64_t, const Packet& packet) {
    if (packet.receive_ns == 0) ++counts.in_flight;
    if (packet.route) add_end(packet, counts);
  });
  return counts;
}

}  // namespace sockscope

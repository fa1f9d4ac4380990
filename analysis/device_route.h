#pragma once

#include <cstdint>
#include <vector>

#include "base/net_device.h"

namespace sockscope {

/// An event of a packet at a network device.
struct DeviceStation {
  enum class Kind : std::uint8_t {
    kQueued,    ///< net:net_dev_queue: given to the device.
    kArrived,   ///< net:netif_rx: in the queue of what came in through the device.
    kReceived,  ///< net:netif_receive_skb: taken up.
  };
  Kind kind = Kind::kQueued;
  NetDevice device = NetDevice::kOther;
  std::uint64_t time_ns = 0;

  [[nodiscard]] bool is_where(const DeviceStation& other) const { return kind == other.kind && device == other.device; }
};

/// A packet's way from the sender's device to the receiver's, where there are several devices. Stations beyond the
/// first kMost are left out: no topology has as many, a recording made to fill memory may.
struct DeviceRoute {
  static constexpr std::size_t kMost = 32;
  std::vector<DeviceStation> stations;

  void add(DeviceStation::Kind kind, NetDevice device, std::uint64_t time_ns) {
    if (stations.size() < kMost) stations.push_back({kind, device, time_ns});
  }
};

}  // namespace sockscope

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sockscope {

/// A network device as far as messages are followed over it: lo, and those of the topologies that sockscope makes.
/// Their names are fixed, so that a recording can be read without its run.
enum class NetDevice : std::uint8_t {
  kOther,           ///< None of these.
  kLoopback,        ///< Of whichever namespace.
  kClient,          ///< The client's own, in its namespace,
  kServer,          ///< and the server's: where a packet's way begins.
  kClientPort,      ///< The bridge's end of the client's pair.
  kServerPort,      ///< And of the server's.
  kBridge,          ///< The bridge itself, where it has an address.
  kUplink,          ///< The router's end of the server's pair.
  kLower,           ///< Under both macvlans or ipvlans.
  kClientUnderlay,  ///< Under the client's vxlan,
  kServerUnderlay,  ///< and under the server's.
};

/// By NetDevice; at most 15 characters, as the kernel has it (IFNAMSIZ).
inline constexpr std::array<std::string_view, 11> kNetDeviceNames{
    "other",      "lo",         "sks-client", "sks-server",  "sks-port-c", "sks-port-s",
    "sks-bridge", "sks-uplink", "sks-lower",  "sks-under-c", "sks-under-s"};

/// What all names of devices begin with that sockscope makes.
inline constexpr std::string_view kOwnDevicePrefix = "sks-";

[[nodiscard]] constexpr std::string_view name_of(NetDevice device) {
  return kNetDeviceNames.at(static_cast<std::size_t>(device));
}

/// kOther for a name that is none of these.
[[nodiscard]] constexpr NetDevice net_device_named(std::string_view name) {
  if (name == "lo") return NetDevice::kLoopback;
  if (!name.starts_with(kOwnDevicePrefix)) return NetDevice::kOther;
  for (std::size_t i = 0; i < kNetDeviceNames.size(); ++i) {
    if (kNetDeviceNames.at(i) == name) return static_cast<NetDevice>(i);
  }
  return NetDevice::kOther;
}

/// Whether what is queued on it has just been sent; on any other it is passed on.
[[nodiscard]] constexpr bool is_end(NetDevice device) {
  return device == NetDevice::kLoopback || device == NetDevice::kClient || device == NetDevice::kServer;
}

}  // namespace sockscope

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sockscope {

/// What lies between the two ends of a workload that are in network namespaces (docs/topologies.md draws each).
enum class Topology : std::uint8_t {
  kLoopback,   ///< The lo of one namespace of its own for both ends.
  kVeth,       ///< A pair of virtual Ethernet devices, one in each end's namespace.
  kMacvlan,    ///< A macvlan in bridge mode for each end on the same lower device.
  kIpvlan,     ///< Likewise, ipvlan in mode l2.
  kBridge,     ///< A pair for each end, joined by a bridge in a third namespace.
  kVxlan,      ///< A vxlan device for each end, over a pair of virtual Ethernet devices.
  kBridgeNat,  ///< As Docker: the client behind a bridge, routed and masqueraded to the server.
};

/// All of them, in the order of the reports: from the least between the ends to the most.
inline constexpr std::array kTopologies{Topology::kLoopback, Topology::kVeth,  Topology::kMacvlan,  Topology::kIpvlan,
                                        Topology::kBridge,   Topology::kVxlan, Topology::kBridgeNat};

/// "loopback", "veth", "macvlan", "ipvlan", "bridge", "vxlan", "bridge-nat": options, JSON keys.
[[nodiscard]] std::string_view name_of(Topology topology);
/// Nothing for a name that is none of theirs.
[[nodiscard]] std::optional<Topology> topology_named(std::string_view name);

}  // namespace sockscope

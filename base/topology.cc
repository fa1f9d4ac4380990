#include "base/topology.h"

#include <algorithm>
#include <cstddef>

namespace sockscope {

std::string_view name_of(Topology topology) {
  constexpr std::array<std::string_view, kTopologies.size()> names{"loopback", "veth",  "macvlan",   "ipvlan",
                                                                   "bridge",   "vxlan", "bridge-nat"};
  return names.at(static_cast<std::size_t>(topology));
}

std::optional<Topology> topology_named(std::string_view name) {
  const auto* const found = std::ranges::find(kTopologies, name, [](Topology topology) { return name_of(topology); });
  return found == kTopologies.end() ? std::nullopt : std::optional(*found);
}

}  // namespace sockscope

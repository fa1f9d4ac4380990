#include "harness/lab_plan.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/net_device.h"

namespace sockscope {
namespace {

struct Addresses {
  std::string_view gateway;  // of the client, where the server is in another network
  std::string_view client;
  std::string_view server;
  std::string_view uplink;       // the router in the server's network
  std::string_view far_server;   // the server there
  std::string_view near_prefix;  // the client's network
  unsigned prefix_length;
};

constexpr Addresses kV4{.gateway = "198.18.0.1",
                        .client = "198.18.0.2",
                        .server = "198.18.0.3",
                        .uplink = "198.19.0.1",
                        .far_server = "198.19.0.2",
                        .near_prefix = "198.18.0.0/24",
                        .prefix_length = 24};
constexpr Addresses kV6{.gateway = "2001:2::1",
                        .client = "2001:2::2",
                        .server = "2001:2::3",
                        .uplink = "2001:2:0:1::1",
                        .far_server = "2001:2:0:1::2",
                        .near_prefix = "2001:2::/64",
                        .prefix_length = 64};

// Locally administered.
constexpr std::string_view kClientMac = "02:00:00:12:00:02";
constexpr std::string_view kServerMac = "02:00:00:12:00:03";
constexpr std::string_view kGatewayMac = "02:00:00:12:00:01";
constexpr std::string_view kUplinkMac = "02:00:00:12:00:04";
constexpr std::string_view kClientUnderlayMac = "02:00:00:12:00:05";
constexpr std::string_view kServerUnderlayMac = "02:00:00:12:00:06";
constexpr std::string_view kLowerMac = "02:00:00:12:00:07";
constexpr std::string_view kSpare = "sks-spare";  // the other end of a pair that leads nowhere

constexpr std::string_view kClientDevice = name_of(NetDevice::kClient);
constexpr std::string_view kServerDevice = name_of(NetDevice::kServer);
constexpr std::string_view kClientPortDevice = name_of(NetDevice::kClientPort);
constexpr std::string_view kServerPortDevice = name_of(NetDevice::kServerPort);
constexpr std::string_view kBridgeDevice = name_of(NetDevice::kBridge);
constexpr std::string_view kUplinkDevice = name_of(NetDevice::kUplink);
constexpr std::string_view kLowerDevice = name_of(NetDevice::kLower);
constexpr std::string_view kClientUnderlayDevice = name_of(NetDevice::kClientUnderlay);
constexpr std::string_view kServerUnderlayDevice = name_of(NetDevice::kServerUnderlay);

/// Puts the steps of a plan together.
class Planner {
 public:
  Planner(LabPlan& plan, IpVersion version) : plan_(plan), at_(version == IpVersion::kV6 ? kV6 : kV4) {}

  template <class... Args>
  void step(LabPlace place, fmt::format_string<Args...> format, Args&&... args) {
    plan_.steps.push_back({place, fmt::format(format, std::forward<Args>(args)...)});
  }

  void up(LabPlace place, std::string_view device) { step(place, "link set {} up", device); }

  void address(LabPlace place, std::string_view device, std::string_view address) {
    step(place, "addr add {}/{} dev {} nodad", address, at_.prefix_length, device);
  }

  void neighbour(LabPlace place, std::string_view device, std::string_view address, std::string_view mac) {
    step(place, "neigh replace {} lladdr {} dev {} nud permanent", address, mac, device);
  }

  /// A pair of virtual Ethernet devices, one of which goes to another namespace ("" stays).
  void pair(LabPlace place, std::string_view one, std::string_view mac, std::string_view other,
            std::string_view other_mac, std::string_view other_place) {
    step(place, "link add {}{}{} type veth peer name {}{}{}{}{}", one, mac.empty() ? "" : " address ", mac, other,
         other_mac.empty() ? "" : " address ", other_mac, other_place.empty() ? "" : " netns ", other_place);
  }

  /// Both ends are neighbours, with these MAC addresses.
  void join_ends(std::string_view client_mac, std::string_view server_mac) {
    plan_.server_address = at_.server;
    for (const auto& [place, device, own, peer, mac] :
         {std::tuple{LabPlace::kClient, kClientDevice, at_.client, at_.server, server_mac},
          std::tuple{LabPlace::kServer, kServerDevice, at_.server, at_.client, client_mac}}) {
      address(place, device, own);
      up(place, device);
      neighbour(place, device, peer, mac);
    }
  }

  void loopback() {
    plan_.has_server = false;
    plan_.server_address = at_.server == kV6.server ? "::1" : "127.0.0.1";
  }

  void veth() {
    pair(LabPlace::kClient, kClientDevice, kClientMac, kServerDevice, kServerMac, "@server");
    join_ends(kClientMac, kServerMac);
    plan_.needs = "CONFIG_VETH";
  }

  /// Either on a lower device of which nothing is ever seen on its other end.
  void on_lower(std::string_view type) {
    plan_.has_middle = true;
    pair(LabPlace::kMiddle, kLowerDevice, kLowerMac, kSpare, "", "");
    up(LabPlace::kMiddle, kSpare);
    up(LabPlace::kMiddle, kLowerDevice);
    const bool has_own_mac = type.starts_with("macvlan");
    for (const auto& [device, mac, place] :
         {std::tuple{kClientDevice, kClientMac, "@client"}, std::tuple{kServerDevice, kServerMac, "@server"}}) {
      step(LabPlace::kMiddle, "link add link {} name {}{}{} type {}", kLowerDevice, device,
           has_own_mac ? " address " : "", has_own_mac ? mac : "", type);
      step(LabPlace::kMiddle, "link set {} netns {}", device, place);
    }
    join_ends(has_own_mac ? kClientMac : kLowerMac, has_own_mac ? kServerMac : kLowerMac);
  }

  void macvlan() {
    on_lower("macvlan mode bridge");
    plan_.needs = "CONFIG_MACVLAN";
  }

  void ipvlan() {
    on_lower("ipvlan mode l2");
    plan_.needs = "CONFIG_IPVLAN";
  }

  /// Learns where its neighbours are once and for all; asks nobody for multicast groups.
  void bridge_with(std::string_view port) {
    step(LabPlace::kMiddle, "link add {} address {} type bridge ageing_time 360000 mcast_snooping 0", kBridgeDevice,
         kGatewayMac);
    up(LabPlace::kMiddle, kBridgeDevice);
    attach(port);
  }

  void attach(std::string_view port) {
    step(LabPlace::kMiddle, "link set {} master {}", port, kBridgeDevice);
    up(LabPlace::kMiddle, port);
  }

  void bridged() {
    plan_.has_middle = true;
    pair(LabPlace::kMiddle, kClientPortDevice, "", kClientDevice, kClientMac, "@client");
    pair(LabPlace::kMiddle, kServerPortDevice, "", kServerDevice, kServerMac, "@server");
    join_ends(kClientMac, kServerMac);
    bridge_with(kClientPortDevice);
    attach(kServerPortDevice);
    plan_.needs = "CONFIG_VETH, CONFIG_BRIDGE";
  }

  void vxlan() {
    // Whatever the ends speak over it.
    pair(LabPlace::kClient, kClientUnderlayDevice, kClientUnderlayMac, kServerUnderlayDevice, kServerUnderlayMac,
         "@server");
    for (const auto& [place, under, over, mac, own, peer, peer_mac] :
         {std::tuple{LabPlace::kClient, kClientUnderlayDevice, kClientDevice, kClientMac, kV4.uplink, kV4.far_server,
                     kServerUnderlayMac},
          std::tuple{LabPlace::kServer, kServerUnderlayDevice, kServerDevice, kServerMac, kV4.far_server, kV4.uplink,
                     kClientUnderlayMac}}) {
      step(place, "addr add {}/24 dev {}", own, under);
      up(place, under);
      neighbour(place, under, peer, peer_mac);
      step(place, "link add {} address {} type vxlan id 1 local {} remote {} dstport 4789", over, mac, own, peer);
    }
    join_ends(kClientMac, kServerMac);
    plan_.needs = "CONFIG_VETH, CONFIG_VXLAN";
  }

  void bridge_nat() {
    plan_.has_middle = true;
    plan_.server_address = at_.far_server;
    pair(LabPlace::kMiddle, kClientPortDevice, "", kClientDevice, kClientMac, "@client");
    pair(LabPlace::kMiddle, kUplinkDevice, kUplinkMac, kServerDevice, kServerMac, "@server");
    bridge_with(kClientPortDevice);
    address(LabPlace::kMiddle, kBridgeDevice, at_.gateway);
    neighbour(LabPlace::kMiddle, kBridgeDevice, at_.client, kClientMac);
    address(LabPlace::kMiddle, kUplinkDevice, at_.uplink);
    up(LabPlace::kMiddle, kUplinkDevice);
    neighbour(LabPlace::kMiddle, kUplinkDevice, at_.far_server, kServerMac);
    address(LabPlace::kClient, kClientDevice, at_.client);
    up(LabPlace::kClient, kClientDevice);
    neighbour(LabPlace::kClient, kClientDevice, at_.gateway, kGatewayMac);
    step(LabPlace::kClient, "route add {}/{} via {}", at_.far_server, at_.prefix_length == 64 ? 128 : 32, at_.gateway);
    address(LabPlace::kServer, kServerDevice, at_.far_server);
    up(LabPlace::kServer, kServerDevice);
    neighbour(LabPlace::kServer, kServerDevice, at_.uplink, kUplinkMac);
    const std::string_view family = at_.prefix_length == 64 ? "ip6" : "ip";
    plan_.nft = fmt::format(
        "table {0} sockscope {{\n"
        "  chain postrouting {{\n"
        "    type nat hook postrouting priority srcnat;\n"
        "    {0} saddr {1} oifname \"{2}\" masquerade\n"
        "  }}\n"
        "}}\n",
        family, at_.near_prefix, kUplinkDevice);
    plan_.needs = "CONFIG_VETH, CONFIG_BRIDGE, CONFIG_NFT_MASQ";
  }

 private:
  LabPlan& plan_;
  const Addresses& at_;
};

}  // namespace

LabPlan lab_plan(Topology topology, IpVersion version) {
  LabPlan plan;
  Planner planner(plan, version);
  planner.up(LabPlace::kClient, "lo");
  if (topology != Topology::kLoopback) planner.up(LabPlace::kServer, "lo");
  switch (topology) {
    case Topology::kLoopback:
      planner.loopback();
      break;
    case Topology::kVeth:
      planner.veth();
      break;
    case Topology::kMacvlan:
      planner.macvlan();
      break;
    case Topology::kIpvlan:
      planner.ipvlan();
      break;
    case Topology::kBridge:
      planner.bridged();
      break;
    case Topology::kVxlan:
      planner.vxlan();
      break;
    case Topology::kBridgeNat:
      planner.bridge_nat();
      break;
  }
  return plan;
}

}  // namespace sockscope

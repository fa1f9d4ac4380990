#include "harness/lab_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/net_device.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> lines_of(const LabPlan& plan) {
  constexpr std::array places{"client", "server", "middle"};
  std::vector<std::string> lines;
  for (const LabStep& step : plan.steps) {
    lines.push_back(std::string(places.at(static_cast<std::size_t>(step.place))) + ": " + step.command);
  }
  return lines;
}

TEST(LabPlan, LoopbackIsOneNamespace) {
  const LabPlan plan = lab_plan(Topology::kLoopback, IpVersion::kV4);
  EXPECT_FALSE(plan.has_server);
  EXPECT_FALSE(plan.has_middle);
  EXPECT_EQ(plan.server_address, "127.0.0.1");
  EXPECT_THAT(lines_of(plan), ElementsAre("client: link set lo up"));
  EXPECT_EQ(lab_plan(Topology::kLoopback, IpVersion::kV6).server_address, "::1");
}

TEST(LabPlan, VethIsAPairAndBothKnowEachOther) {
  const LabPlan plan = lab_plan(Topology::kVeth, IpVersion::kV4);
  EXPECT_TRUE(plan.has_server);
  EXPECT_FALSE(plan.has_middle);
  EXPECT_EQ(plan.server_address, "198.18.0.3");
  EXPECT_THAT(lines_of(plan),
              ElementsAre("client: link set lo up", "server: link set lo up",
                          "client: link add sks-client address 02:00:00:12:00:02 type veth peer name sks-server "
                          "address 02:00:00:12:00:03 netns @server",
                          "client: addr add 198.18.0.2/24 dev sks-client nodad", "client: link set sks-client up",
                          "client: neigh replace 198.18.0.3 lladdr 02:00:00:12:00:03 dev sks-client nud permanent",
                          "server: addr add 198.18.0.3/24 dev sks-server nodad", "server: link set sks-server up",
                          "server: neigh replace 198.18.0.2 lladdr 02:00:00:12:00:02 dev sks-server nud permanent"));
}

TEST(LabPlan, BridgeNatMasqueradesTheClientsNetworkAlone) {
  const LabPlan plan = lab_plan(Topology::kBridgeNat, IpVersion::kV4);
  EXPECT_TRUE(plan.has_middle);
  EXPECT_EQ(plan.server_address, "198.19.0.2");
  EXPECT_EQ(plan.nft,
            "table ip sockscope {\n"
            "  chain postrouting {\n"
            "    type nat hook postrouting priority srcnat;\n"
            "    ip saddr 198.18.0.0/24 oifname \"sks-uplink\" masquerade\n"
            "  }\n"
            "}\n");
  EXPECT_THAT(lab_plan(Topology::kBridgeNat, IpVersion::kV6).nft, HasSubstr("ip6 saddr 2001:2::/64"));
}

TEST(LabPlan, OnlyNatHasRules) {
  for (const Topology topology : kTopologies) {
    if (topology != Topology::kBridgeNat) {
      EXPECT_THAT(lab_plan(topology, IpVersion::kV4).nft, IsEmpty());
    }
  }
}

TEST(LabPlan, SlavesOfIpvlanShareTheMacAddressOfTheirLowerDevice) {
  const auto macvlan = lines_of(lab_plan(Topology::kMacvlan, IpVersion::kV4));
  const auto ipvlan = lines_of(lab_plan(Topology::kIpvlan, IpVersion::kV4));
  EXPECT_THAT(macvlan,
              Contains("middle: link add link sks-lower name sks-client address 02:00:00:12:00:02 type macvlan "
                       "mode bridge"));
  EXPECT_THAT(ipvlan, Contains("middle: link add link sks-lower name sks-client type ipvlan mode l2"));
  EXPECT_THAT(ipvlan,
              Contains("client: neigh replace 198.18.0.3 lladdr 02:00:00:12:00:07 dev sks-client nud permanent"));
}

/// Where nobody is ever asked, nothing but the workload is on the way.
TEST(LabPlan, NoEndHasToAskWhereItsNeighbourIs) {
  for (const Topology topology : kTopologies) {
    if (topology == Topology::kLoopback) continue;
    const auto lines = lines_of(lab_plan(topology, IpVersion::kV4));
    EXPECT_THAT(lines, Contains(AllOf(HasSubstr("client: neigh replace"), HasSubstr("dev sks-client nud permanent"))));
    EXPECT_THAT(lines, Contains(AllOf(HasSubstr("server: neigh replace"), HasSubstr("dev sks-server nud permanent"))));
  }
}

/// What it makes is known to whoever reads the recording, and of the prefix that says whose it is.
TEST(LabPlan, EveryDeviceIsNamedAsOurs) {
  for (const Topology topology : kTopologies) {
    for (const LabStep& step : lab_plan(topology, IpVersion::kV6).steps) {
      const std::string& command = step.command;
      if (!command.starts_with("link add ") || command.starts_with("link add link")) continue;
      EXPECT_THAT(command.substr(9), ::testing::StartsWith(std::string(kOwnDevicePrefix)));
      EXPECT_THAT(command, Not(HasSubstr("eth0")));
    }
  }
}

TEST(LabPlan, IsOfTheVersionAskedFor) {
  EXPECT_THAT(lines_of(lab_plan(Topology::kBridge, IpVersion::kV6)),
              Contains("server: addr add 2001:2::3/64 dev sks-server nodad"));
  EXPECT_EQ(lab_plan(Topology::kBridgeNat, IpVersion::kV6).server_address, "2001:2:0:1::2");
}

}  // namespace
}  // namespace sockscope

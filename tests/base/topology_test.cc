#include "base/topology.h"

#include <gtest/gtest.h>

#include "base/net_device.h"

namespace sockscope {
namespace {

TEST(TopologyNames, LeadBackToTheirTopologies) {
  for (const Topology topology : kTopologies) EXPECT_EQ(topology_named(name_of(topology)), topology);
  EXPECT_EQ(name_of(Topology::kBridgeNat), "bridge-nat");
  EXPECT_FALSE(topology_named("bridge-"));
  EXPECT_FALSE(topology_named(""));
}

TEST(NetDeviceNames, LeadBackToTheirDevicesAndFitTheKernel) {
  constexpr std::size_t longest = 15;
  for (std::size_t i = 1; i < kNetDeviceNames.size(); ++i) {
    const auto device = static_cast<NetDevice>(i);
    EXPECT_EQ(net_device_named(name_of(device)), device);
    EXPECT_LE(name_of(device).size(), longest);
  }
}

TEST(NetDeviceNames, OfOtherDevicesAreNone) {
  for (const char* const name : {"eth0", "lo0", "l", "", "other", "sks-", "sks-client0"}) {
    EXPECT_EQ(net_device_named(name), NetDevice::kOther) << name;
  }
}

TEST(NetDevice, PacketsBeginAtLoAndAtTheEndsOwn) {
  EXPECT_TRUE(is_end(NetDevice::kLoopback));
  EXPECT_TRUE(is_end(NetDevice::kClient));
  EXPECT_TRUE(is_end(NetDevice::kServer));
  EXPECT_FALSE(is_end(NetDevice::kBridge));
  EXPECT_FALSE(is_end(NetDevice::kClientUnderlay));
  EXPECT_FALSE(is_end(NetDevice::kOther));
}

}  // namespace
}  // namespace sockscope

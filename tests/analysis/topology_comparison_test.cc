#include "analysis/topology_comparison.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

/// Runs of that median, one a round.
VariantSummary measured(Topology topology, Protocol protocol, const std::vector<double>& medians) {
  VariantSummary summary{.variant = variant_of(topology, protocol), .untraced = {}, .traced = {}};
  for (unsigned round = 1; round <= medians.size(); ++round) {
    summary.runs.push_back(
        {.round = round, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", medians[round - 1]}}});
  }
  return summary;
}

TEST(TopologyVariants, AreNamedByBoth) {
  const Variant variant = variant_of(Topology::kBridgeNat, Protocol::kUdp);
  EXPECT_EQ(variant.key, "bridge-nat-udp");
  EXPECT_EQ(variant.label, "bridge-nat UDP");
  EXPECT_EQ(variant.protocol, Protocol::kUdp);
}

TEST(TopologyCosts, AreRatiosOverLoopbackOfTheSameProtocolAndRound) {
  // The machine gets slower; each round's ratio is 1.25.
  const std::vector<double> loopback{1000, 1040, 1080, 1120, 1160, 1200, 1240, 1280};
  std::vector<double> bridge;
  for (const double ns : loopback) bridge.push_back(1.25 * ns);
  const auto costs = topology_costs(
      {measured(Topology::kBridge, Protocol::kTcp, bridge), measured(Topology::kLoopback, Protocol::kTcp, loopback),
       measured(Topology::kLoopback, Protocol::kUdp, {500, 500})},
      {});
  ASSERT_EQ(costs.size(), 3U);
  EXPECT_EQ(costs[0].topology, Topology::kLoopback);
  EXPECT_EQ(costs[0].protocol, Protocol::kTcp);
  EXPECT_FALSE(costs[0].over_loopback);
  EXPECT_EQ(costs[1].protocol, Protocol::kUdp);
  EXPECT_EQ(costs[1].rtt_p50_ns, 500);
  ASSERT_TRUE(costs[2].over_loopback);
  EXPECT_EQ(costs[2].over_loopback->pairs, 8U);
  EXPECT_NEAR(costs[2].over_loopback->result.ratio.value, 1.25, 1e-9);
  ASSERT_TRUE(costs[2].over_loopback->result.ratio.ci95);
  EXPECT_NEAR(costs[2].over_loopback->result.ratio.ci95->low, 1.25, 1e-9);
  EXPECT_NEAR(costs[2].over_loopback->result.ratio.ci95->high, 1.25, 1e-9);
  EXPECT_EQ(costs[2].over_loopback->result.verdict, Verdict::kBLower);
}

TEST(TopologyCosts, NeedLoopback) {
  EXPECT_TRUE(topology_costs({measured(Topology::kVeth, Protocol::kTcp, {1, 2})}, {}).empty());
}

}  // namespace
}  // namespace sockscope

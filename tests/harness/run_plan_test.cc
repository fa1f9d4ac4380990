#include "harness/run_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <utility>

namespace sockscope {
namespace {

using enum Protocol;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using enum Watch;

TEST(Interleave, OneRoundAlternatesProtocolsAndWhoWatches) {
  EXPECT_THAT(interleave(1, kProtocols, true),
              ElementsAre(RunStep{1, kTcp, kNobody}, RunStep{1, kUdp, kNobody}, RunStep{1, kTcp, kCounters},
                          RunStep{1, kUdp, kCounters}, RunStep{1, kTcp, kPerf}, RunStep{1, kUdp, kPerf}));
}

TEST(Interleave, EachRoundIsTheMirrorImageOfTheOneBefore) {
  EXPECT_THAT(interleave(3, kProtocols, true),
              ElementsAre(RunStep{1, kTcp, kNobody}, RunStep{1, kUdp, kNobody}, RunStep{1, kTcp, kCounters},
                          RunStep{1, kUdp, kCounters}, RunStep{1, kTcp, kPerf}, RunStep{1, kUdp, kPerf},
                          RunStep{2, kUdp, kPerf}, RunStep{2, kTcp, kPerf}, RunStep{2, kUdp, kCounters},
                          RunStep{2, kTcp, kCounters}, RunStep{2, kUdp, kNobody}, RunStep{2, kTcp, kNobody},
                          RunStep{3, kTcp, kNobody}, RunStep{3, kUdp, kNobody}, RunStep{3, kTcp, kCounters},
                          RunStep{3, kUdp, kCounters}, RunStep{3, kTcp, kPerf}, RunStep{3, kUdp, kPerf}));
}

TEST(Interleave, WithoutTracingTheRestIsTheSame) {
  EXPECT_THAT(interleave(2, kProtocols, false),
              ElementsAre(RunStep{1, kTcp, kNobody}, RunStep{1, kUdp, kNobody}, RunStep{1, kTcp, kCounters},
                          RunStep{1, kUdp, kCounters}, RunStep{2, kUdp, kCounters}, RunStep{2, kTcp, kCounters},
                          RunStep{2, kUdp, kNobody}, RunStep{2, kTcp, kNobody}));
}

TEST(Interleave, OneProtocolAloneStillAlternatesWhoWatches) {
  constexpr std::array only_udp{kUdp};
  EXPECT_THAT(interleave(2, only_udp, true),
              ElementsAre(RunStep{1, kUdp, kNobody}, RunStep{1, kUdp, kCounters}, RunStep{1, kUdp, kPerf},
                          RunStep{2, kUdp, kPerf}, RunStep{2, kUdp, kCounters}, RunStep{2, kUdp, kNobody}));
}

TEST(Interleave, NoRoundsAreNoSteps) { EXPECT_THAT(interleave(0, kProtocols, true), IsEmpty()); }

// A machine that drifts steadily adds its position to each run. Over two rounds the sums must be the same for all, or
// the drift would be taken for a difference.
TEST(Interleave, ASteadyDriftFallsOnAllKindsOfRunsAlike) {
  const auto steps = interleave(2, kProtocols, true);
  std::map<std::pair<Protocol, Watch>, std::size_t> drift;
  for (std::size_t i = 0; i < steps.size(); ++i) drift[{steps[i].protocol, steps[i].watch}] += i;
  for (const auto& [kind, sum] : drift) EXPECT_EQ(sum, 11U);
  EXPECT_EQ(drift.size(), 6U);
}

}  // namespace
}  // namespace sockscope

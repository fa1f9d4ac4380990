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

constexpr bool kUntraced = false;
constexpr bool kTraced = true;

TEST(Interleave, OneRoundAlternatesProtocolsAndTracing) {
  EXPECT_THAT(interleave(1, kProtocols, true), ElementsAre(RunStep{1, kTcp, kUntraced}, RunStep{1, kUdp, kUntraced},
                                                           RunStep{1, kUdp, kTraced}, RunStep{1, kTcp, kTraced}));
}

TEST(Interleave, TheSecondRoundIsTheMirrorImageOfTheFirst) {
  EXPECT_THAT(interleave(2, kProtocols, true),
              ElementsAre(RunStep{1, kTcp, kUntraced}, RunStep{1, kUdp, kUntraced}, RunStep{1, kUdp, kTraced},
                          RunStep{1, kTcp, kTraced}, RunStep{2, kTcp, kTraced}, RunStep{2, kUdp, kTraced},
                          RunStep{2, kUdp, kUntraced}, RunStep{2, kTcp, kUntraced}));
}

TEST(Interleave, TheThirdRoundIsAsTheFirst) {
  EXPECT_THAT(interleave(3, kProtocols, true),
              ElementsAre(RunStep{1, kTcp, kUntraced}, RunStep{1, kUdp, kUntraced}, RunStep{1, kUdp, kTraced},
                          RunStep{1, kTcp, kTraced}, RunStep{2, kTcp, kTraced}, RunStep{2, kUdp, kTraced},
                          RunStep{2, kUdp, kUntraced}, RunStep{2, kTcp, kUntraced}, RunStep{3, kTcp, kUntraced},
                          RunStep{3, kUdp, kUntraced}, RunStep{3, kUdp, kTraced}, RunStep{3, kTcp, kTraced}));
}

TEST(Interleave, WithoutTracingItIsTheProtocolsThereAndBack) {
  EXPECT_THAT(interleave(3, kProtocols, false),
              ElementsAre(RunStep{1, kTcp, kUntraced}, RunStep{1, kUdp, kUntraced}, RunStep{2, kUdp, kUntraced},
                          RunStep{2, kTcp, kUntraced}, RunStep{3, kTcp, kUntraced}, RunStep{3, kUdp, kUntraced}));
}

TEST(Interleave, OneProtocolAloneStillAlternatesTracing) {
  constexpr std::array only_udp{kUdp};
  EXPECT_THAT(interleave(2, only_udp, true), ElementsAre(RunStep{1, kUdp, kUntraced}, RunStep{1, kUdp, kTraced},
                                                         RunStep{2, kUdp, kTraced}, RunStep{2, kUdp, kUntraced}));
}

TEST(Interleave, NoRoundsAreNoSteps) { EXPECT_THAT(interleave(0, kProtocols, true), IsEmpty()); }

// A machine that drifts steadily adds its position to each run. Over two rounds the sums must be the same for all, or
// the drift would be taken for a difference.
TEST(Interleave, ASteadyDriftFallsOnAllKindsOfRunsAlike) {
  const auto steps = interleave(2, kProtocols, true);
  std::map<std::pair<Protocol, bool>, std::size_t> drift;
  for (std::size_t i = 0; i < steps.size(); ++i) drift[{steps[i].protocol, steps[i].traced}] += i;
  for (const auto& [kind, sum] : drift) EXPECT_EQ(sum, 7U);
  EXPECT_EQ(drift.size(), 4U);
}

}  // namespace
}  // namespace sockscope

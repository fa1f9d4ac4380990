#include "report/doubts.h"

#include <gtest/gtest.h>

#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

Summary with_failing_law(std::string variant, Figures concerns) {
  Summary summary = full_compare();
  summary.laws.push_back({"a law", false, "1 is not 2", std::move(variant), concerns});
  return summary;
}

TEST(Doubts, NoneWhenAllIsWell) {
  const Summary summary = full_compare();
  const Doubts doubts(summary);
  EXPECT_FALSE(doubts.any());
  EXPECT_FALSE(doubts.about(variant_of(Protocol::kTcp), Figures::kAllTraced));
  EXPECT_EQ(doubts.failing_laws(), 0U);
}

TEST(Doubts, EveryKindOfGapConcernsEverything) {
  for (auto spoil : {+[](DataQuality& quality) { quality.lost_events = 1; },
                     +[](DataQuality& quality) { quality.undecoded_events = 1; },
                     +[](DataQuality& quality) { quality.truncated = true; }}) {
    Summary summary = full_compare();
    spoil(summary.data_quality);
    EXPECT_TRUE(Doubts(summary).about(variant_of(Protocol::kUdp), Figures::kStages));
    EXPECT_TRUE(Doubts(summary).any());
  }
}

TEST(Doubts, ALawConcernsItsFiguresOfItsVariant) {
  const Summary summary = with_failing_law("tcp", Figures::kStages);
  const Doubts doubts(summary);
  EXPECT_TRUE(doubts.about(variant_of(Protocol::kTcp), Figures::kStages));
  EXPECT_TRUE(doubts.about(variant_of(Protocol::kTcp), Figures::kAllTraced));
  EXPECT_FALSE(doubts.about(variant_of(Protocol::kTcp), Figures::kCounts));
  EXPECT_FALSE(doubts.about(variant_of(Protocol::kUdp), Figures::kStages));
  EXPECT_EQ(doubts.failing_laws(), 1U);
}

TEST(Doubts, ALawThatNamesNothingConcernsEverything) {
  const Summary summary = with_failing_law("", Figures::kAllTraced);
  EXPECT_TRUE(Doubts(summary).about(variant_of(Protocol::kTcp), Figures::kThreads));
  EXPECT_TRUE(Doubts(summary).about(variant_of(Protocol::kUdp), Figures::kRoundTripTimes));
}

TEST(Doubts, WithoutTracedFiguresThereIsNothingToMark) {
  Summary summary = untraced_only();
  summary.laws.push_back({"a law", false, ""});
  EXPECT_FALSE(Doubts(summary).any());
}

}  // namespace
}  // namespace sockscope::testing

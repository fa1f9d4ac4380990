#include "report/findings.h"

#include <gtest/gtest.h>

#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

TEST(Findings, NameTheStallOfNagleAndDelayedAck) {
  const auto findings = findings_of(stalled());
  ASSERT_EQ(findings.size(), 1U) << "of TCP alone, though UDP is as slow";
  EXPECT_EQ(findings[0].name, "nagle-delayed-ack");
  EXPECT_EQ(findings[0].variant.protocol, Protocol::kTcp);
  EXPECT_EQ(findings[0].detail.substr(0, 44), "49 of 50 round trips took about 40 ms: Nagle");
}

TEST(Findings, DoNotBlameNagleWhereItIsOff) {
  Summary summary = stalled();
  untraced_of(summary, 0).client_socket = {{"nodelay", "1"}};
  EXPECT_TRUE(findings_of(summary).empty());
}

TEST(Findings, AreNoneOfASingleSlowRoundTripInAThousand) {
  Summary summary = stalled();
  Histogram& rtt = untraced_of(summary, 0).rtt;
  rtt = {};
  for (int i = 0; i < 1'000; ++i) rtt.record(8'000);
  rtt.record(41'000'000);
  EXPECT_TRUE(findings_of(summary).empty());
  for (int i = 0; i < 10; ++i) rtt.record(41'000'000);
  EXPECT_EQ(findings_of(summary).size(), 1U);
}

TEST(Findings, AreNoneOfRoundTripsThatAreSlowInAnotherWay) {
  Summary summary = stalled();
  Histogram& rtt = untraced_of(summary, 0).rtt;
  rtt = {};
  for (int i = 0; i < 100; ++i) rtt.record(i % 2 == 0 ? 20'000'000 : 90'000'000);
  EXPECT_TRUE(findings_of(summary).empty());
}

}  // namespace
}  // namespace sockscope::testing

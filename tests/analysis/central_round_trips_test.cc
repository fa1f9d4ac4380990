#include "analysis/central_round_trips.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

/// Two parts that take time, with one event in the first and three in the second; together `length_ns`.
void add(CentralRoundTrips& round_trips, std::uint64_t length_ns, int times = 1) {
  CentralRoundTrips::Parts parts{};
  CentralRoundTrips::Parts events{};
  parts[1] = length_ns / 4;
  parts[13] = length_ns - parts[1];
  events[1] = 1;
  events[13] = 3;
  for (int i = 0; i < times; ++i) round_trips.add(parts, events);
}

TEST(CentralRoundTrips, AreNoneOfNone) { EXPECT_FALSE(CentralRoundTrips().middle_half()); }

TEST(CentralRoundTrips, LeaveOutTheQuarterBelowAndTheQuarterAbove) {
  CentralRoundTrips round_trips;
  add(round_trips, 1'000, 25);
  add(round_trips, 4'000, 30);
  add(round_trips, 8'000, 20);
  add(round_trips, 1'000'000, 25);
  const auto means = round_trips.middle_half();
  ASSERT_TRUE(means);
  // 30 of 4,000 and 20 of 8,000: 5,600.
  EXPECT_DOUBLE_EQ((*means)[1].time_ns, 1'400);
  EXPECT_DOUBLE_EQ((*means)[13].time_ns, 4'200);
  EXPECT_DOUBLE_EQ((*means)[1].events, 1);
  EXPECT_DOUBLE_EQ((*means)[13].events, 3);
  EXPECT_DOUBLE_EQ((*means)[0].time_ns, 0);
}

TEST(CentralRoundTrips, TakeTheirShareOfALengthThatLiesAcrossAQuartile) {
  CentralRoundTrips round_trips;
  add(round_trips, 1'000, 50);
  add(round_trips, 4'000, 50);
  const auto means = round_trips.middle_half();
  ASSERT_TRUE(means);
  EXPECT_DOUBLE_EQ((*means)[1].time_ns + (*means)[13].time_ns, 2'500) << "25 of each";
}

TEST(CentralRoundTrips, OfTwoRunsAreThoseOfOne) {
  CentralRoundTrips both;
  CentralRoundTrips shorter;
  CentralRoundTrips longer;
  for (CentralRoundTrips* one : {&both, &shorter}) add(*one, 1'000, 50);
  for (CentralRoundTrips* one : {&both, &longer}) add(*one, 4'000, 50);
  shorter.merge(longer);
  EXPECT_DOUBLE_EQ((*shorter.middle_half())[13].time_ns, (*both.middle_half())[13].time_ns);
  longer.merge(CentralRoundTrips());
  EXPECT_DOUBLE_EQ((*longer.middle_half())[1].time_ns, 1'000);
}

}  // namespace
}  // namespace sockscope

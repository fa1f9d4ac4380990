#include "base/measurements.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

Measurements one_run(std::uint64_t ns, std::uint64_t lost) {
  Measurements run{.unit = "message", .units = 10, .times = {}, .counts = {}};
  Histogram one_way;
  one_way.record(ns);
  run.add_time("one_way", one_way);
  run.add_count("lost", lost);
  return run;
}

TEST(Measurements, OfSeveralRunsAddUp) {
  Measurements sum;
  sum += one_run(100, 1);
  sum += one_run(300, 2);
  EXPECT_EQ(sum.unit, "message");
  EXPECT_EQ(sum.units, 20U);
  ASSERT_NE(sum.time("one_way"), nullptr);
  EXPECT_EQ(sum.time("one_way")->count(), 2U);
  EXPECT_EQ(sum.time("one_way")->sum(), 400U);
  EXPECT_EQ(sum.count("lost"), 3U);
  EXPECT_EQ(sum.times.size(), 1U);
  EXPECT_EQ(sum.counts.size(), 1U);
}

TEST(Measurements, KeepTheOrderInWhichTheyWereBegun) {
  Measurements run;
  run.add_count("sent", 2);
  run.add_count("received", 1);
  run.add_count("sent", 2);
  ASSERT_EQ(run.counts.size(), 2U);
  EXPECT_EQ(run.counts[0].first, "sent");
  EXPECT_EQ(run.counts[0].second, 4U);
  EXPECT_EQ(run.counts[1].first, "received");
}

TEST(Measurements, HaveNothingUnderANameThatIsNotThere) {
  const Measurements run = one_run(1, 0);
  EXPECT_EQ(run.time("rtt"), nullptr);
  EXPECT_EQ(run.count("sent"), 0U);
  EXPECT_FALSE(run.has_count("sent"));
  EXPECT_TRUE(run.has_count("lost")) << "though it is 0";
}

}  // namespace
}  // namespace sockscope

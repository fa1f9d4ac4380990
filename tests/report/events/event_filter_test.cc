#include "report/events/event_filter.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

perf_data::Record record_at(std::uint64_t time_ns, std::uint32_t cpu = 0, std::int32_t tid = 1) {
  return {.time_ns = time_ns, .cpu = cpu, .tid = tid, .body = {}, .payload = {}};
}

TEST(EventFilter, AcceptsEverythingWhenNothingIsAsked) {
  const EventFilter filter;
  EXPECT_TRUE(filter.accepts(record_at(0)));
  EXPECT_TRUE(filter.accepts(record_at(~0ULL, perf_data::kNoCpu, perf_data::kNoTask)));
  EXPECT_TRUE(filter.accepts_name("sched:sched_switch"));
  EXPECT_TRUE(filter.accepts_name(""));
}

TEST(EventFilter, MatchesNamesByShellPattern) {
  EXPECT_TRUE(matches_event("sched:sched_switch", "sched:sched_switch"));
  EXPECT_TRUE(matches_event("sched:*", "sched:sched_switch"));
  EXPECT_TRUE(matches_event("*:sched_[sw]*", "sched:sched_switch"));
  EXPECT_FALSE(matches_event("sched:*", "net:netif_rx"));
  EXPECT_FALSE(matches_event("sched:switch", "sched:sched_switch"));
}

TEST(EventFilter, MatchesAPatternWithoutColonWithTheNameAlone) {
  EXPECT_TRUE(matches_event("sched_switch", "sched:sched_switch"));
  EXPECT_TRUE(matches_event("*switch", "sched:sched_switch"));
  EXPECT_TRUE(matches_event("cpu-clock", "cpu-clock"));
  EXPECT_FALSE(matches_event("sched", "sched:sched_switch"));
  EXPECT_FALSE(matches_event("sched_switch", "sched:sched_switch_not"));
}

TEST(EventFilter, AcceptsAnyOfSeveralNames) {
  const EventFilter filter{.globs = {"net:*", "sched_switch"}};
  EXPECT_TRUE(filter.accepts_name("net:netif_rx"));
  EXPECT_TRUE(filter.accepts_name("sched:sched_switch"));
  EXPECT_FALSE(filter.accepts_name("sched:sched_waking"));
}

TEST(EventFilter, AcceptsAnyOfSeveralThreadsAndCpus) {
  const EventFilter filter{.tids = {1, 2}, .cpus = {0, 3}};
  EXPECT_TRUE(filter.accepts(record_at(5, 0, 1)));
  EXPECT_TRUE(filter.accepts(record_at(5, 3, 2)));
  EXPECT_FALSE(filter.accepts(record_at(5, 1, 1)));
  EXPECT_FALSE(filter.accepts(record_at(5, 0, 3)));
  EXPECT_FALSE(filter.accepts(record_at(5, perf_data::kNoCpu, 1)));
}

TEST(EventFilter, AWindowHasBothItsEnds) {
  const EventFilter filter{.from_ns = 10, .to_ns = 20};
  EXPECT_FALSE(filter.accepts(record_at(9)));
  EXPECT_TRUE(filter.accepts(record_at(10)));
  EXPECT_TRUE(filter.accepts(record_at(20)));
  EXPECT_FALSE(filter.accepts(record_at(21)));
  EXPECT_TRUE(filter.accepts(record_at(0)));  // no time: perf script does not drop it either
  EXPECT_TRUE(EventFilter{.from_ns = 10}.accepts(record_at(~0ULL - 1)));
  EXPECT_FALSE(EventFilter{.to_ns = 20}.accepts(record_at(21)));
}

}  // namespace
}  // namespace sockscope

#include "analysis/recent_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace sockscope {
namespace {

using ::testing::ElementsAre;

TEST(RecentEvents, CountsThePartsWithTheirBeginAndWithoutTheirEnd) {
  RecentEvents events;
  for (const std::uint64_t time_ns : {90, 100, 120, 150, 199, 200, 250}) events.add(time_ns, 0);
  std::array<std::uint64_t, 2> counts{};
  ASSERT_TRUE(events.count(std::array<std::uint64_t, 3>{100, 150, 200}, counts));
  EXPECT_THAT(counts, ElementsAre(2, 2));
}

TEST(RecentEvents, AnAbsentPartHasNone) {
  RecentEvents events;
  for (const std::uint64_t time_ns : {100, 150, 180}) events.add(time_ns, 0);
  std::array<std::uint64_t, 3> counts{7, 7, 7};
  ASSERT_TRUE(events.count(std::array<std::uint64_t, 4>{100, 150, 150, 200}, counts));
  EXPECT_THAT(counts, ElementsAre(1, 0, 2));
}

TEST(RecentEvents, AnotherCpuHoldsNobodyUp) {
  RecentEvents events;
  events.add(100, 0);
  events.add(110, 1);
  events.add(120, 0);
  events.add(150, 0);
  events.add(160, 1);
  std::array<std::uint64_t, 2> counts{};
  ASSERT_TRUE(events.count(std::array<std::uint64_t, 3>{100, 150, 200}, counts));
  EXPECT_THAT(counts, ElementsAre(2, 1));
}

// The waker on CPU 0 goes on with its own things while CPU 1 wakes up; there, nothing tells of the switch.
TEST(RecentEvents, OfAWakeUpAcrossCpusOnlyTheWakingCounts) {
  RecentEvents events;
  events.add(100, 0);
  events.add(120, 0);
  events.add(140, 0);
  events.add(200, 1);
  events.add(210, 1);
  std::array<std::uint64_t, 3> counts{};
  ASSERT_TRUE(events.count(std::array<std::uint64_t, 4>{100, 150, 200, 250}, counts));
  EXPECT_THAT(counts, ElementsAre(1, 0, 2));
}

TEST(RecentEvents, RemembersTheLatest) {
  RecentEvents events;
  for (std::uint64_t i = 0; i < 2 * RecentEvents::kMost; ++i) events.add(i, 0);
  std::array<std::uint64_t, 1> counts{};
  EXPECT_FALSE(events.count(std::array<std::uint64_t, 2>{RecentEvents::kMost, 2 * RecentEvents::kMost}, counts))
      << "what came before the earliest that is remembered is not known to lie outside";
  ASSERT_TRUE(events.count(std::array<std::uint64_t, 2>{RecentEvents::kMost + 1, 2 * RecentEvents::kMost}, counts));
  EXPECT_THAT(counts, ElementsAre(RecentEvents::kMost - 1));
}

}  // namespace
}  // namespace sockscope

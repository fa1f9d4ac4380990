#include "workloads/thread_team.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <set>

namespace sockscope {
namespace {

TEST(ThreadTeam, RunsEachJobOnceInEveryMember) {
  ThreadTeam team(4);
  std::array<std::atomic<int>, 4> runs{};
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(team.run([&](std::size_t member) -> Result<> {
      ++runs.at(member);
      return {};
    }));
  }
  for (const auto& count : runs) EXPECT_EQ(count, 100);
}

TEST(ThreadTeam, KnowsItsThreadsBeforeAnyJob) {
  ThreadTeam team(3);
  std::set<pid_t> known(team.others().begin(), team.others().end());
  EXPECT_EQ(known.size(), 2U);
  EXPECT_FALSE(known.contains(gettid()));
  std::array<pid_t, 3> ran{};
  ASSERT_TRUE(team.run([&](std::size_t member) -> Result<> {
    ran.at(member) = gettid();
    return {};
  }));
  EXPECT_EQ(ran[0], gettid()) << "the caller is the first member";
  EXPECT_TRUE(known.contains(ran[1]) && known.contains(ran[2]));
}

TEST(ThreadTeam, ReportsTheErrorOfAnyMember) {
  ThreadTeam team(3);
  const auto failing = [&team](std::size_t which) {
    return team.run([which](std::size_t member) -> Result<> {
      if (member == which) return fail(ErrorKind::kEnvironment, "member {}", member);
      return {};
    });
  };
  for (const std::size_t which : {0U, 1U, 2U}) {
    const auto result = failing(which);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, fmt::format("member {}", which));
  }
  EXPECT_TRUE(failing(3)) << "an earlier error does not stay";
}

TEST(ThreadTeam, OfOneIsTheCaller) {
  ThreadTeam team(1);
  EXPECT_TRUE(team.others().empty());
  pid_t ran = 0;
  ASSERT_TRUE(team.run([&](std::size_t /*member*/) -> Result<> {
    ran = gettid();
    return {};
  }));
  EXPECT_EQ(ran, gettid());
}

}  // namespace
}  // namespace sockscope

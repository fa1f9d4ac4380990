#include "base/cpu_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include "base/child_process.h"

namespace sockscope {
namespace {

TEST(CpuListText, OfNoneIsEmpty) { EXPECT_EQ(cpu_list_text({}), ""); }

TEST(CpuListText, OfOneIsItsNumber) { EXPECT_EQ(cpu_list_text({5}), "5"); }

TEST(CpuListText, JoinsNeighboursToRanges) {
  EXPECT_EQ(cpu_list_text({0, 1}), "0-1");
  EXPECT_EQ(cpu_list_text({0, 1, 2, 3, 8}), "0-3,8");
  EXPECT_EQ(cpu_list_text({0, 2, 3, 4, 7, 8}), "0,2-4,7-8");
}

TEST(CpuListText, LeavesThoseApartThatAreNotNeighbours) { EXPECT_EQ(cpu_list_text({1, 3, 5}), "1,3,5"); }

TEST(AllowedCpus, AreAsManyAsTheKernelSaysInRisingOrder) {
  cpu_set_t set;
  CPU_ZERO(&set);
  ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  const auto cpus = allowed_cpus();
  EXPECT_EQ(cpus.size(), static_cast<std::size_t>(CPU_COUNT(&set)));
  for (const int cpu : cpus) EXPECT_TRUE(CPU_ISSET(static_cast<std::size_t>(cpu), &set)) << cpu;
  EXPECT_TRUE(std::ranges::is_sorted(cpus));
}

TEST(AllowedCpus, OfAPinnedProcessAreItsOwnOnly) {
  const int cpu = allowed_cpus().back();
  auto child = ChildProcess::run({.name = "pinned", .cpus = {cpu}},
                                 [cpu] { return allowed_cpus() == std::vector{cpu} ? 0 : 1; });
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_EQ(child->wait({}), 0);
}

}  // namespace
}  // namespace sockscope

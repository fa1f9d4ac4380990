#include "workloads/microbench/switch_count.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "base/child_process.h"
#include "base/error.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;

std::uint64_t getrusage_switches() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw);
}

TEST(SwitchesSinceStart, AreThoseOfGetrusage) {
  const std::array own{gettid()};
  const std::uint64_t earlier = getrusage_switches();
  const auto switches = switches_since_start(own);
  const std::uint64_t later = getrusage_switches();
  ASSERT_TRUE(switches) << switches.error().message;
  EXPECT_GE(*switches, earlier);
  EXPECT_LE(*switches, later);
}

TEST(SwitchesSinceStart, AreAddedUpOverTheThreads) {
  auto sleeper = ChildProcess::run({.name = "sleeper"}, [] { return pause(); });
  ASSERT_TRUE(sleeper);
  const std::array own{gettid()};
  const std::array both{gettid(), sleeper->pid()};
  const auto of_own = switches_since_start(own);
  const auto of_both = switches_since_start(both);
  ASSERT_TRUE(of_own && of_both);
  EXPECT_GE(*of_both, *of_own);
}

TEST(SwitchesSinceStart, OfAThreadThatDoesNotExistAreAnError) {
  auto child = ChildProcess::run({.name = "short-lived"}, [] { return 0; });
  ASSERT_TRUE(child);
  const std::array gone{child->pid()};
  ASSERT_EQ(child->wait({}), 0);
  const auto switches = switches_since_start(gone);
  ASSERT_FALSE(switches);
  EXPECT_EQ(switches.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(switches.error().message, HasSubstr("/status"));
}

}  // namespace
}  // namespace sockscope

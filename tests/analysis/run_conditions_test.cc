#include "analysis/run_conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kMs = 1'000'000;

/// Of 100 ms, with nothing in its way.
RunConditions clean() { return {.wall_ns = 100 * kMs, .cpus = {0}}; }

std::vector<std::string> whats(const std::vector<Contamination>& found) {
  std::vector<std::string> words;
  words.reserve(found.size());
  for (const auto& [by, what] : found) words.push_back(std::string(name_of(by)) + ": " + what);
  return words;
}

TEST(Contamination, IsNoneWhereNothingElseHappened) { EXPECT_THAT(whats(contamination(clean())), IsEmpty()); }

TEST(Contamination, IsUnknownWhereNobodyLooked) {
  EXPECT_THAT(whats(contamination({.foreign_ns = 5'000 * kMs, .steal_ns = 5'000 * kMs})), IsEmpty());
}

TEST(Contamination, IsMoreThanFourPercentOfACpuForOtherPrograms) {
  RunConditions run = clean();
  run.foreign_ns = 4 * kMs;
  EXPECT_THAT(whats(contamination(run)), IsEmpty());
  run.foreign_ns = 14 * kMs;
  EXPECT_THAT(whats(contamination(run)), ElementsAre("foreign-cpu: other programs took 14 % of CPU 0"));
  run.cpus = {0, 3};
  run.busiest = "cc1plus";
  EXPECT_THAT(
      whats(contamination(run)),
      ElementsAre("foreign-cpu: other programs took 14 % of one CPU, of CPUs 0 and 3, the busiest being cc1plus"));
}

// The kernel tells what was stolen in steps of 10 ms, which may have begun long before.
TEST(Contamination, IsMoreThanOneStepOfSteal) {
  RunConditions run = clean();
  run.steal_ns = 10 * kMs;
  EXPECT_THAT(whats(contamination(run)), IsEmpty());
  run.steal_ns = 20 * kMs;
  EXPECT_THAT(whats(contamination(run)), ElementsAre("steal: the host took 20 % of CPU 0"));
  run.wall_ns = 1'000 * kMs;
  EXPECT_THAT(whats(contamination(run)), IsEmpty()) << "2 % of a second";
}

TEST(Contamination, IsEveryTracer) {
  RunConditions run = clean();
  run.tracers = {"strace (pid 12)", "tracefs (events)"};
  EXPECT_THAT(whats(contamination(run)),
              ElementsAre("tracer: something else traced: strace (pid 12), tracefs (events)"));
}

TEST(Contamination, IsNamedOnceForEachReason) {
  const RunConditions run{
      .wall_ns = 100 * kMs, .cpus = {1}, .foreign_ns = 50 * kMs, .steal_ns = 30 * kMs, .tracers = {"perf (pid 3)"}};
  EXPECT_EQ(contamination(run).size(), 3U);
}

TEST(ContaminationBetween, IsAnotherFrequency) {
  RunConditions a = clean();
  RunConditions b = clean();
  EXPECT_THAT(whats(contamination_between(a, b)), IsEmpty()) << "unknown";
  a.cpu_khz = {2'000'000};
  b.cpu_khz = {2'100'000};
  EXPECT_THAT(whats(contamination_between(a, b)), IsEmpty());
  b.cpu_khz = {2'100'001};
  EXPECT_THAT(whats(contamination_between(a, b)),
              ElementsAre("cpu-frequency: CPU 0 ran at 2000 MHz in one run and at 2100 MHz in the other"));
  EXPECT_EQ(contamination_between(b, a).size(), 1U);
  b.cpus = {1};
  EXPECT_THAT(whats(contamination_between(a, b)), IsEmpty()) << "of different CPUs";
}

}  // namespace
}  // namespace sockscope

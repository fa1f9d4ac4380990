#include "harness/conditions_probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "harness/other_programs.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::string_view kUsage = "sys/fs/cgroup/cpuacct/cpuacct.usage_percpu";
constexpr std::string_view kStat = "proc/stat";
constexpr std::string_view kFrequency = "sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq";

constexpr std::string_view kStatBefore =
    "cpu  0 0 0 0 0 0 0 0 0 0\n"
    "cpu0 10 20 30 4000 50 60 70 8 0 0\n"
    "cpu1 1 2 3 400 5 6 7 9 0 0\n"
    "cpu10 9 9 9 9 9 9 9 9 9 9\n"
    "intr 5\n";

TEST(CpuTimeOf, ACpuIsItsLineOfProcStat) {
  TempTree tree;
  tree.file(kStat, kStatBefore);
  const CpuTime time = cpu_time({1}, tree.path());
  EXPECT_EQ(time.ticked_ns, 60 * kMs) << "user, nice and system";
  EXPECT_EQ(time.steal_ns, 90 * kMs);
  EXPECT_EQ(time.run_ns, std::nullopt) << "no cpuacct here";
}

TEST(CpuTimeOf, SomeCpusIsTheirSum) {
  TempTree tree;
  tree.file(kStat, kStatBefore).file(kUsage, "700000000 70000000 \n");
  const CpuTime time = cpu_time({0, 1}, tree.path());
  EXPECT_EQ(time.ticked_ns, 660 * kMs);
  EXPECT_EQ(time.steal_ns, 170 * kMs);
  EXPECT_EQ(time.run_ns, 770 * kMs);
}

// In a container the accounting is the container's: it knows of less than the ticks.
TEST(CpuTimeOf, AContainerAloneIsNotTaken) {
  TempTree tree;
  tree.file(kStat, kStatBefore).file(kUsage, "700000000 29999999 \n");
  EXPECT_EQ(cpu_time({0}, tree.path()).run_ns, 700 * kMs);
  EXPECT_EQ(cpu_time({1}, tree.path()).run_ns, std::nullopt);
  EXPECT_EQ(cpu_time({0, 1}, tree.path()).run_ns, std::nullopt);
  EXPECT_EQ(cpu_time({2}, tree.path()).run_ns, std::nullopt) << "there is no such CPU";
}

TEST(CpuKhzOf, AllCpusOrNone) {
  TempTree tree;
  tree.file(kFrequency, "2400000\n");
  EXPECT_THAT(cpu_khz({1}, tree.path()), ElementsAre(2'400'000));
  EXPECT_THAT(cpu_khz({0, 1}, tree.path()), IsEmpty());
}

TEST(ConditionsProbe, TakesTheDifferenceOfWhatTheCpusDid) {
  TempTree tree;
  tree.file(kStat, kStatBefore).file(kUsage, "0 70000000 \n").file(kFrequency, "1000000\n");
  ConditionsProbe probe({1}, {}, tree.path());
  probe.start();
  tree.file(kStat, "cpu1 2 2 3 400 5 6 7 12 0 0\n").file(kUsage, "0 78000000 \n").file(kFrequency, "2400000\n");
  probe.stop();
  tree.file(kStat, "cpu1 99 99 99 0 0 0 0 99\n").file(kUsage, "0 990000000 \n");
  const RunConditions conditions = probe.conclude();
  EXPECT_THAT(conditions.cpus, ElementsAre(1));
  EXPECT_EQ(conditions.foreign_ns, 8 * kMs);
  EXPECT_EQ(conditions.steal_ns, 30 * kMs);
  EXPECT_THAT(conditions.cpu_khz, ElementsAre(2'400'000));
  EXPECT_EQ(conditions.busiest, "");
  EXPECT_THAT(conditions.tracers, IsEmpty());
  EXPECT_GT(conditions.wall_ns, 0U);
}

// A step of 10 ms at either end may have begun outside.
TEST(ConditionsProbe, TakesTicksButForTheirUncertainty) {
  TempTree tree;
  tree.file(kStat, kStatBefore);
  ConditionsProbe probe({1}, {}, tree.path());
  probe.start();
  tree.file(kStat, "cpu1 3 2 3 400 5 6 7 9 0 0\n");
  probe.stop();
  EXPECT_EQ(probe.conclude().foreign_ns, 0U);
  tree.file(kStat, "cpu1 4 2 4 400 5 6 7 9 0 0\n");
  probe.stop();
  EXPECT_EQ(probe.conclude().foreign_ns, 20 * kMs);
}

/// Takes 20 ms of this process's CPU time.
void work() {
  const auto used = [] { return process_clocks()[getpid()]; };
  for (const std::uint64_t until = used() + 20 * kMs; used() < until;) {
  }
}

// This process is in the tree under its own pid, so that it has a clock.
class ProbedProcess : public testing::Test {
 protected:
  ProbedProcess() {
    const std::string directory = "proc/" + std::to_string(getpid()) + "/";
    std::string stat = std::to_string(getpid()) + " (a (b) c) S";
    for (int field = 4; field < 39; ++field) stat += " 0";
    tree_.file(directory + "comm", "a (b) c\n").file(directory + "stat", stat + " 1 0 0\n").file(kStat, kStatBefore);
  }
  TempTree tree_;
};

TEST_F(ProbedProcess, CountsAsForeignOnTheCpuWhereItRanLast) {
  ConditionsProbe here({1}, {}, tree_.path());
  ConditionsProbe elsewhere({0}, {}, tree_.path());
  here.start();
  elsewhere.start();
  work();
  here.stop();
  elsewhere.stop();
  EXPECT_GE(here.conclude().foreign_ns, 20 * kMs);
  EXPECT_EQ(here.conclude().busiest, "a (b) c");
  EXPECT_EQ(elsewhere.conclude().foreign_ns, 0U);
  EXPECT_EQ(elsewhere.conclude().busiest, "");
}

TEST_F(ProbedProcess, OfOursTakesNothingThatIsForeign) {
  ConditionsProbe probe({1}, {getpid()}, tree_.path());
  tree_.file(kUsage, "0 70000000 \n");
  probe.start();
  work();
  tree_.file(kUsage, "0 90000000 \n");
  probe.stop();
  EXPECT_EQ(probe.conclude().foreign_ns, 0U) << "20 ms that are ours";
  EXPECT_EQ(probe.conclude().busiest, "");
}

// What a softirq leaves undone, of our own packets, it does.
TEST_F(ProbedProcess, ThatIsTheSoftirqThreadOfTheCpuIsOurs) {
  tree_.file("proc/" + std::to_string(getpid()) + "/comm", "ksoftirqd/1\n");
  ConditionsProbe here({1}, {}, tree_.path());
  here.start();
  work();
  here.stop();
  EXPECT_EQ(here.conclude().foreign_ns, 0U);
}

TEST(ConditionsProbe, NamesTracersThatWereThereBeforeOrAfter) {
  TempTree tree;
  tree.file("proc/12/comm", "strace\n").file("proc/13/comm", "straceable\n").file("proc/self/comm", "perf\n");
  ConditionsProbe probe({0}, {}, tree.path());
  probe.start();
  probe.stop();
  std::filesystem::remove_all(tree / "proc/12");
  tree.file("proc/14/comm", "bpftrace\n");
  EXPECT_THAT(probe.conclude().tracers, ElementsAre("strace (pid 12)", "bpftrace (pid 14)"));
}

TEST(TracersAmong, AreTheBuffersOfTracefsThatAreFilled) {
  TempTree tree;
  const auto buffer = [&tree](const std::string& name, std::string_view on, std::string_view tracer,
                              std::string_view events) {
    const std::string path = "sys/kernel/tracing/" + name;
    tree.file(path + "tracing_on", on).file(path + "current_tracer", tracer).file(path + "events/enable", events);
  };
  buffer("", "1\n", "nop\n", "0\n");
  buffer("instances/idle/", "0\n", "function\n", "1\n");
  EXPECT_THAT(tracers_among({}, tree.path()), IsEmpty());
  buffer("", "1\n", "function_graph\n", "X\n");
  buffer("instances/lab/", "1\n", "nop\n", "1\n");
  buffer("instances/sockscope-" + std::to_string(getpid()) + "/", "1\n", "nop\n", "1\n");
  EXPECT_THAT(tracers_among({}, tree.path()),
              ElementsAre("tracefs (function_graph)", "tracefs (events)", "tracefs lab (events)"));
}

}  // namespace
}  // namespace sockscope

#include "harness/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/cpu_list.h"
#include "harness/version.h"
#include "tests/harness/temp_tree.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

/// A virtual machine as this project's tests found one.
void fill(TempTree& root) {
  root.file("proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9B14\n"
            "flags\t\t: fpu vme hypervisor lahf_lm\n\n"
            "processor\t: 1\nmodel name\t: another\n")
      .file("sys/devices/system/clocksource/clocksource0/current_clocksource", "kvm-clock\n")
      .file("sys/devices/system/cpu/cpuidle/current_driver", "haltpoll\n")
      .file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n")
      .file("sys/devices/system/cpu/vulnerabilities/spectre_v2", "Mitigation: Retpolines; IBPB: conditional\n")
      .file("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n")
      .file("sys/devices/system/cpu/vulnerabilities/gds", "Vulnerable\n")
      .file("sys/devices/system/cpu/vulnerabilities/spectre_v1", "Mitigation: usercopy/swapgs barriers\n")
      .file("sys/class/net/lo/mtu", "65536\n");
}

std::string fact(const Facts& facts, std::string_view name) {
  const auto found = std::ranges::find(facts, name, &Facts::value_type::first);
  return found == facts.end() ? "none" : found->second;
}

std::vector<std::string> names_of(const Facts& facts) {
  std::vector<std::string> names;
  names.reserve(facts.size());
  for (const auto& [name, value] : facts) names.push_back(name);
  return names;
}

TEST(DescribeEnvironment, ReadsWhatTheNumbersDependOn) {
  TempTree root;
  fill(root);
  const Facts facts = describe_environment(root.path());
  EXPECT_EQ(fact(facts, "cpu"), "AMD EPYC 9B14");
  EXPECT_EQ(fact(facts, "virtual machine"), "yes");
  EXPECT_EQ(fact(facts, "clock source"), "kvm-clock");
  EXPECT_EQ(fact(facts, "cpu idle"), "haltpoll");
  EXPECT_EQ(fact(facts, "frequency governor"), "performance");
  EXPECT_EQ(fact(facts, "mitigations"), "spectre_v1, spectre_v2");
  EXPECT_EQ(fact(facts, "loopback mtu"), "65536");
}

TEST(DescribeEnvironment, AsksTheRunningSystemForTheRest) {
  TempTree root;
  fill(root);
  const Facts facts = describe_environment(root.path());
  utsname system{};
  ASSERT_EQ(uname(&system), 0);
  EXPECT_EQ(fact(facts, "sockscope"), kVersion);
  EXPECT_EQ(fact(facts, "kernel"), system.release);
  EXPECT_EQ(fact(facts, "machine"), system.machine);
  EXPECT_EQ(fact(facts, "cpus"), cpu_list_text(allowed_cpus()));
  EXPECT_EQ(fact(facts, "tcp congestion control"), default_congestion_control());
}

TEST(DescribeEnvironment, LeavesOutWhatItCannotRead) {
  const ScopedEnvironment no_perf("PATH", "/nonexistent");
  const TempTree empty;
  EXPECT_THAT(names_of(describe_environment(empty.path())),
              ElementsAre("sockscope", "kernel", "machine", "cpus", "virtual machine", "mitigations",
                          "tcp congestion control"));
}

TEST(DescribeEnvironment, SaysThatNothingIsMitigatedAndNothingVirtual) {
  TempTree root;
  root.file("proc/cpuinfo", "model name\t: Some CPU\nflags\t\t: fpu vme\n")
      .file("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
  const Facts facts = describe_environment(root.path());
  EXPECT_EQ(fact(facts, "mitigations"), "none active");
  EXPECT_EQ(fact(facts, "virtual machine"), "no");
}

TEST(PerfVersion, IsTheFirstLineThatPerfSays) {
  TempTree bin;
  bin.program("perf", "#!/bin/sh\necho perf version 6.1.999\necho and more\n");
  const ScopedEnvironment path("PATH", bin.str());
  EXPECT_EQ(perf_version(), "perf version 6.1.999");
}

TEST(PerfVersion, IsEmptyWithoutAWorkingPerf) {
  TempTree bin;
  const ScopedEnvironment path("PATH", bin.str());
  EXPECT_EQ(perf_version(), "");
  bin.program("perf", "#!/bin/sh\necho WARNING: perf not found for kernel 6.18\nexit 2\n");
  EXPECT_EQ(perf_version(), "");
}

TEST(FirstLineOf, IsItWithoutItsNewline) {
  TempTree tree;
  tree.file("two", "one\ntwo\n").file("unfinished", "one").file("empty", "");
  EXPECT_EQ(first_line_of(tree / "two"), "one");
  EXPECT_EQ(first_line_of(tree / "unfinished"), "one");
  EXPECT_EQ(first_line_of(tree / "empty"), "");
  EXPECT_EQ(first_line_of(tree / "none"), "");
}

}  // namespace
}  // namespace sockscope

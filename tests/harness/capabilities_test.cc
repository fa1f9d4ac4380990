#include "harness/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Check fine(std::string name) { return {.name = std::move(name), .is_fine = true, .is_needed = true, .found = "good"}; }

Capabilities capable() { return {.checks = {fine("perf"), fine("tracefs")}, .events = {}}; }

constexpr auto kNeeded = true;
constexpr auto kOptional = false;

Capabilities lacking(bool is_needed) {
  Capabilities machine = capable();
  machine.checks.push_back(
      {.name = "clock", .is_fine = false, .is_needed = is_needed, .found = "hpet", .fix = "boot with clocksource=tsc"});
  return machine;
}

Check check_of(const Capabilities& machine, std::string_view name) {
  const auto found = std::ranges::find(machine.checks, name, &Check::name);
  return found == machine.checks.end() ? Check{.name = "no such check"} : *found;
}

TEST(Capabilities, SufficeWhenEverythingNeededIsFine) {
  EXPECT_TRUE(capable().can_trace());
  EXPECT_TRUE(lacking(kOptional).can_trace());
  EXPECT_FALSE(lacking(kNeeded).can_trace());
}

TEST(Capabilities, NameWhatIsMissingWithItsFix) {
  EXPECT_THAT(capable().missing(), IsEmpty());
  EXPECT_THAT(lacking(kOptional).missing(), IsEmpty()) << "it keeps nobody from tracing";
  const auto missing = lacking(kNeeded).missing();
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].what, "clock: hpet");
  EXPECT_EQ(missing[0].fix, "boot with clocksource=tsc");
}

TEST(RenderChecks, OfACapableMachine) {
  EXPECT_EQ(render_checks(capable()),
            "ok       perf         good\n"
            "ok       tracefs      good\n"
            "This machine can trace: every section of the report will be there.\n");
}

TEST(RenderChecks, OfAMachineThatCouldBeBetter) {
  EXPECT_EQ(render_checks(lacking(kOptional)),
            "ok       perf         good\n"
            "ok       tracefs      good\n"
            "note     clock        hpet\n"
            "                      fix: boot with clocksource=tsc\n"
            "This machine can trace: every section of the report will be there.\n");
}

TEST(RenderChecks, OfAMachineThatCannotTrace) {
  EXPECT_EQ(render_checks(lacking(kNeeded)),
            "ok       perf         good\n"
            "ok       tracefs      good\n"
            "MISSING  clock        hpet\n"
            "                      fix: boot with clocksource=tsc\n"
            "This machine cannot trace yet: compare still measures untraced latency.\n");
}

TEST(Examine, LooksAtEverythingAReportNeeds) {
  const TempTree tracefs;
  EXPECT_THAT(examine(tracefs.path()).checks,
              ElementsAre(Field(&Check::name, "perf"), Field(&Check::name, "tracefs"),
                          Field(&Check::name, "tracepoints"), Field(&Check::name, "permission"),
                          Field(&Check::name, "capture"), Field(&Check::name, "clock"), Field(&Check::name, "cpus")));
}

TEST(Examine, SaysWhetherFtracesBuffersCanBeUsed) {
  TempTree tracefs;
  const Check without = check_of(examine(tracefs.path()), "capture");
  EXPECT_FALSE(without.is_fine);
  EXPECT_FALSE(without.is_needed) << "perf does as well";
  EXPECT_THAT(without.found, StartsWith(fmt::format("perf record, at three times the cost for an event: cannot make "
                                                    "{}/instances/sockscope-",
                                                    tracefs.str())));
  std::filesystem::create_directory(tracefs / "instances");
  const Check with = check_of(examine(tracefs.path()), "capture");
  EXPECT_TRUE(with.is_fine);
  EXPECT_EQ(with.found, "tracefs: ftrace's own buffers, at a third of perf's cost for an event");
  EXPECT_TRUE(std::filesystem::is_empty(tracefs / "instances")) << "the attempt leaves nothing";
}

TEST(Examine, SaysHowToMountATracefsThatIsNotThere) {
  const TempTree tracefs;
  const Capabilities machine = examine(tracefs.path());
  EXPECT_FALSE(machine.can_trace());
  const Check check = check_of(machine, "tracefs");
  EXPECT_FALSE(check.is_fine);
  EXPECT_EQ(check.found, tracefs.str() + "/events/sched/sched_switch/id: No such file or directory");
  EXPECT_EQ(check.fix, "sudo mount -t tracefs nodev " + tracefs.str());
  const Check permission = check_of(machine, "permission");
  EXPECT_FALSE(permission.is_fine);
  EXPECT_THAT(permission.found, StartsWith("unknown until tracefs can be read (uid "));
}

TEST(Examine, FindsTheTracepointsOfATracefs) {
  TempTree tracefs;
  tracefs.file("events/sched/sched_switch/id", "372\n");
  for (const KnownEvent& event : known_events()) {
    std::string name(event.name);
    std::ranges::replace(name, ':', '/');
    tracefs.file("events/" + name + "/format", "");
  }
  const Capabilities machine = examine(tracefs.path());
  EXPECT_TRUE(check_of(machine, "tracefs").is_fine);
  EXPECT_EQ(check_of(machine, "tracepoints").found, fmt::format("all {}", known_events().size()));
  EXPECT_EQ(machine.events.events.size(), known_events().size());

  std::filesystem::remove_all(tracefs / "events/sock");
  const Capabilities older = examine(tracefs.path());
  EXPECT_TRUE(check_of(older, "tracepoints").is_fine);
  EXPECT_EQ(check_of(older, "tracepoints").found,
            fmt::format("{}, not sock:sock_send_length, sock:sock_recv_length, sock:sk_data_ready: their stages are "
                        "merged with the next",
                        known_events().size() - 3));

  std::filesystem::remove_all(tracefs / "events/net");
  EXPECT_FALSE(check_of(examine(tracefs.path()), "tracepoints").is_fine);
}

TEST(Examine, SaysHowToInstallPerf) {
  const TempTree nothing;
  const ScopedEnvironment path("PATH", nothing.str());
  const Check perf = check_of(examine(nothing.path()), "perf");
  EXPECT_FALSE(perf.is_fine);
  EXPECT_EQ(perf.found, "not found in PATH");
  EXPECT_EQ(perf.fix, "apt-get install linux-perf");
}

}  // namespace
}  // namespace sockscope

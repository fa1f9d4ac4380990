#include "harness/event_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>

#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::filesystem::path format_of(std::string_view event) {
  const auto colon = event.find(':');
  return std::filesystem::path("events") / event.substr(0, colon) / event.substr(colon + 1) / "format";
}

/// A tracefs with all path events but these.
void fill(TempTree& tracefs, const std::set<std::string_view>& lacking = {}) {
  for (const EventChoice& choice : path_events()) {
    if (!lacking.contains(choice.name)) tracefs.file(format_of(choice.name), "name: ...");
  }
}

TEST(PathEvents, AreEachNamedOnceWithTheirSystem) {
  std::set<std::string_view> names;
  for (const EventChoice& choice : path_events()) {
    EXPECT_EQ(std::ranges::count(choice.name, ':'), 1) << choice.name;
    names.insert(choice.name);
  }
  EXPECT_EQ(names.size(), path_events().size());
}

TEST(PathEvents, RequireWhatAPathAndItsCountsCannotDoWithout) {
  std::set<std::string_view> required;
  for (const EventChoice& choice : path_events()) {
    if (choice.required) required.insert(choice.name);
  }
  EXPECT_THAT(required,
              ElementsAre("irq:softirq_entry", "irq:softirq_exit", "net:net_dev_queue", "net:net_dev_xmit",
                          "net:netif_receive_skb", "net:netif_rx", "raw_syscalls:sys_enter", "raw_syscalls:sys_exit",
                          "sched:sched_switch", "sched:sched_wakeup", "sched:sched_waking"));
}

TEST(PathEvents, OfTheSchedulerAreFilteredByTheirOwnFieldsAndTheRestByContext) {
  for (const EventChoice& choice : path_events()) {
    const Scope expected = choice.name == "sched:sched_switch" ? Scope::kSwitch
                           : choice.name.starts_with("sched:") ? Scope::kTarget
                                                               : Scope::kContext;
    EXPECT_EQ(choice.scope, expected) << choice.name;
  }
}

TEST(EventSet, HasEverythingInOrderWhereTheKernelHasEverything) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->missing, IsEmpty());
  ASSERT_EQ(set->events.size(), path_events().size());
  for (std::size_t i = 0; i < set->events.size(); ++i) EXPECT_EQ(set->events[i].name, path_events()[i].name);
}

// A kernel before 6.12, which has no sock events.
TEST(EventSet, GoesOnWithoutOptionalEventsAndNamesThem) {
  TempTree tracefs;
  fill(tracefs, {"sock:sk_data_ready", "sock:sock_send_length", "sock:sock_recv_length"});
  const auto set = EventSet::available(tracefs.path());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->missing, ElementsAre("sock:sock_send_length", "sock:sock_recv_length", "sock:sk_data_ready"));
  EXPECT_EQ(set->events.size(), path_events().size() - 3);
  for (const EventChoice& choice : set->events) EXPECT_THAT(choice.name, Not(StartsWith("sock:")));
}

TEST(EventSet, FailsWithoutARequiredEventAndNamesIt) {
  TempTree tracefs;
  fill(tracefs);
  for (const EventChoice& choice : path_events()) {
    std::filesystem::remove(tracefs / format_of(choice.name));
    const auto set = EventSet::available(tracefs.path());
    EXPECT_EQ(set.has_value(), !choice.required) << choice.name;
    if (!set) {
      EXPECT_EQ(set.error().kind, ErrorKind::kEnvironment);
      EXPECT_THAT(set.error().message, StartsWith(fmt::format("this kernel has no tracepoint {}: ", choice.name)));
    }
    tracefs.file(format_of(choice.name), "name: ...");
  }
}

TEST(EventSet, NamesAllRequiredEventsThatAreMissing) {
  TempTree tracefs;
  fill(tracefs, {"raw_syscalls:sys_enter", "raw_syscalls:sys_exit", "sock:sk_data_ready"});
  const auto set = EventSet::available(tracefs.path());
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message,
            "this kernel has no tracepoint raw_syscalls:sys_enter, raw_syscalls:sys_exit: a kernel with "
            "CONFIG_FTRACE_SYSCALLS and CONFIG_NET tracepoints is needed");
}

TEST(EventSet, OfSessionsHasTheStatesOfSocketsBesidesAndPacketsInAnyThread) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path());
  ASSERT_TRUE(set);
  const auto without = set->of_sessions(tracefs.path());
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().message,
            "this kernel has no tracepoint sock:inet_sock_set_state: Linux 4.16 or later is needed");
  tracefs.file(format_of("sock:inet_sock_set_state"), "name: ...");
  const auto with = set->of_sessions(tracefs.path());
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->events.size(), path_events().size() + 1);
  EXPECT_EQ(with->events.back().name, "sock:inet_sock_set_state");
  for (const EventChoice& event : with->events) {
    const bool is_call = event.name.starts_with("raw_syscalls:");
    const bool is_sched = event.name.starts_with("sched:");
    EXPECT_EQ(event.scope == Scope::kAnywhere, !is_call && !is_sched) << event.name;
  }
}

TEST(EventSet, SaysWhichDirectoryItCannotRead) {
  const TempTree not_mounted;
  const auto set = EventSet::available(not_mounted.path());
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(set.error().message, fmt::format("cannot read {}/events: No such file or directory", not_mounted.str()));
}

TEST(FilterFor, SwitchesLooksAtBothTasks) {
  const std::array<pid_t, 2> tids{11, 12};
  EXPECT_EQ(filter_for(Scope::kSwitch, tids), "prev_pid==11||prev_pid==12||next_pid==11||next_pid==12");
}

TEST(FilterFor, WakeUpsLooksAtWhoIsWoken) {
  const std::array<pid_t, 2> tids{11, 12};
  EXPECT_EQ(filter_for(Scope::kTarget, tids), "pid==11||pid==12");
  EXPECT_EQ(filter_for(Scope::kAnywhere, tids), "");
}

TEST(FilterFor, TheRestLooksAtWhoRunsAndLetsKsoftirqdThrough) {
  const std::array<pid_t, 2> tids{11, 12};
  EXPECT_EQ(filter_for(Scope::kContext, tids), "common_pid==11||common_pid==12||COMM~\"ksoftirqd/*\"");
}

TEST(FilterFor, OneThreadHasNoAlternatives) {
  const std::array<pid_t, 1> tids{11};
  EXPECT_EQ(filter_for(Scope::kTarget, tids), "pid==11");
}

}  // namespace
}  // namespace sockscope

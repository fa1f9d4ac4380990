#include "harness/event_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

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
  for (const KnownEvent& choice : known_events()) {
    if (!lacking.contains(choice.name)) tracefs.file(format_of(choice.name), "name: ...");
  }
}

TEST(KnownEvents, AreEachNamedOnceWithTheirSystem) {
  std::set<std::string_view> names;
  for (const KnownEvent& choice : known_events()) {
    EXPECT_EQ(std::ranges::count(choice.name, ':'), 1) << choice.name;
    names.insert(choice.name);
  }
  EXPECT_EQ(names.size(), known_events().size());
}

TEST(KnownEvents, RequireWhatAPathAndItsCountsCannotDoWithout) {
  std::set<std::string_view> required;
  for (const KnownEvent& choice : known_events()) {
    if (choice.required) required.insert(choice.name);
  }
  EXPECT_THAT(required,
              ElementsAre("irq:softirq_entry", "irq:softirq_exit", "net:net_dev_queue", "net:net_dev_xmit",
                          "net:netif_receive_skb", "net:netif_rx", "raw_syscalls:sys_enter", "raw_syscalls:sys_exit",
                          "sched:sched_switch", "sched:sched_wakeup", "sched:sched_waking"));
}

TEST(KnownEvents, OfTheSchedulerAreFilteredByTheirOwnFieldsAndTheRestByContext) {
  for (const KnownEvent& choice : known_events()) {
    const Scope expected = choice.name == "sched:sched_switch" ? Scope::kSwitch
                           : choice.name.starts_with("sched:") ? Scope::kTarget
                                                               : Scope::kContext;
    EXPECT_EQ(choice.scope, expected) << choice.name;
  }
}

TEST(EventSet, HasEverythingInOrderWhereTheKernelHasEverything) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path(), "lab");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->missing, IsEmpty());
  ASSERT_EQ(set->events.size(), known_events().size());
  for (std::size_t i = 0; i < set->events.size(); ++i) EXPECT_EQ(set->events[i].name, known_events()[i].name);
}

// With which others hold up a message is not known beforehand: `slow` names them.
TEST(EventSet, LabHasTheSwitchesOfAnyTask) {
  TempTree tracefs;
  fill(tracefs);
  const auto scope_of_switches = [&tracefs](const char* name) {
    const auto set = EventSet::available(tracefs.path(), name);
    EXPECT_TRUE(set);
    const auto found = std::ranges::find(set->events, "sched:sched_switch", &EventChoice::name);
    return found->scope;
  };
  EXPECT_EQ(scope_of_switches("lab"), Scope::kAnywhere);
  EXPECT_EQ(scope_of_switches("path"), Scope::kSwitch);
  EXPECT_EQ(scope_of_switches("stacks"), Scope::kSwitch);
}

// A kernel before 6.12, which has no sock events.
TEST(EventSet, GoesOnWithoutOptionalEventsAndNamesThem) {
  TempTree tracefs;
  fill(tracefs, {"sock:sk_data_ready", "sock:sock_send_length", "sock:sock_recv_length"});
  const auto set = EventSet::available(tracefs.path(), "lab");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->missing, ElementsAre("sock:sock_send_length", "sock:sock_recv_length", "sock:sk_data_ready"));
  EXPECT_EQ(set->events.size(), known_events().size() - 3);
  for (const EventChoice& choice : set->events) EXPECT_THAT(choice.name, Not(StartsWith("sock:")));
}

TEST(EventSet, FailsWithoutARequiredEventAndNamesIt) {
  TempTree tracefs;
  fill(tracefs);
  for (const KnownEvent& choice : known_events()) {
    std::filesystem::remove(tracefs / format_of(choice.name));
    const auto set = EventSet::available(tracefs.path(), "lab");
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
  const auto set = EventSet::available(tracefs.path(), "lab");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message,
            "this kernel has no tracepoint raw_syscalls:sys_enter, raw_syscalls:sys_exit: a kernel with "
            "CONFIG_FTRACE_SYSCALLS and CONFIG_NET tracepoints is needed");
}

TEST(EventSet, OfSessionsHasTheStatesOfSocketsBesidesAndPacketsInAnyThread) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path(), "lab");
  ASSERT_TRUE(set);
  const auto without = set->of_sessions(tracefs.path());
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().message,
            "this kernel has no tracepoint sock:inet_sock_set_state: Linux 4.16 or later is needed");
  tracefs.file(format_of("sock:inet_sock_set_state"), "name: ...");
  const auto with = set->of_sessions(tracefs.path());
  ASSERT_TRUE(with) << with.error().message;
  EXPECT_EQ(with->events.size(), known_events().size() + 1);
  EXPECT_EQ(with->events.back().name, "sock:inet_sock_set_state");
  for (const EventChoice& event : with->events) {
    const bool is_call = event.name.starts_with("raw_syscalls:");
    const bool is_sched =
        event.name.starts_with("sched:") && event.name != "sched:sched_switch";  // of lab, of any task
    EXPECT_EQ(event.scope == Scope::kAnywhere, !is_call && !is_sched) << event.name;
  }
}

std::vector<std::string> names_of(const EventSet& set) {
  std::vector<std::string> names;
  for (const EventChoice& event : set.events) names.push_back(event.name);
  return names;
}

TEST(EventSet, OfAPathHasWhatStagesAndCountsNeedAlone) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->name, "path");
  EXPECT_THAT(names_of(*set), ElementsAre("raw_syscalls:sys_enter", "raw_syscalls:sys_exit", "net:net_dev_queue",
                                          "net:netif_rx", "net:netif_receive_skb", "irq:softirq_entry", "tcp:tcp_probe",
                                          "tcp:tcp_retransmit_skb", "udp:udp_fail_queue_rcv_skb", "sock:sk_data_ready",
                                          "sched:sched_waking", "sched:sched_migrate_task", "sched:sched_switch"));
  EXPECT_EQ(set->text().substr(0, 45), "path: raw_syscalls:sys_enter raw_syscalls:sys");
}

// What is not in the set is not missing from it.
TEST(EventSet, OfAPathDoesWithoutTheOthers) {
  TempTree tracefs;
  fill(tracefs, {"net:net_dev_xmit", "irq:softirq_exit", "sched:sched_wakeup", "skb:consume_skb"});
  const auto set = EventSet::available(tracefs.path(), "path");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->missing, IsEmpty());
}

TEST(EventSet, OfTheSchedulerHasItsEventsAlone) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path(), "sched");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(names_of(*set), ElementsAre("sched:sched_waking", "sched:sched_wakeup", "sched:sched_wakeup_new",
                                          "sched:sched_migrate_task", "sched:sched_switch"));
  EXPECT_FALSE(set->with_stacks);
}

TEST(EventSet, OfStacksIsTheLabsAndThoseOfFunctionsWithCallChains) {
  TempTree tracefs;
  fill(tracefs);
  for (const std::string_view event : events_of_functions()) tracefs.file(format_of(event), "name: ...");
  const auto set = EventSet::available(tracefs.path(), "stacks");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->events.size(), known_events().size() + events_of_functions().size());
  EXPECT_THAT(set->missing, IsEmpty());
  const auto allocation = std::ranges::find(set->events, "kmem:kmem_cache_alloc", &EventChoice::name);
  ASSERT_NE(allocation, set->events.end());
  EXPECT_EQ(allocation->scope, Scope::kContext);
  EXPECT_TRUE(set->with_stacks);
  EXPECT_THAT(set->text(), StartsWith("stacks, with call chains: raw_syscalls:sys_enter "));
}

TEST(EventSet, OfStacksGoesOnWithoutThoseOfFunctionsAndNamesThem) {
  TempTree tracefs;
  fill(tracefs, {"sock:sk_data_ready"});
  tracefs.file(format_of("timer:timer_start"), "name: ...");
  const auto set = EventSet::available(tracefs.path(), "stacks");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->events.size(), known_events().size() - 1 + 1);
  EXPECT_EQ(set->events.back().name, "timer:timer_start");
  EXPECT_EQ(set->missing.size(), 1 + events_of_functions().size() - 1);
  EXPECT_EQ(set->missing.front(), "sock:sk_data_ready");
}

TEST(EventSet, OfAListHasEachOnceWithItsScope) {
  TempTree tracefs;
  fill(tracefs);
  tracefs.file(format_of("sched:sched_stat_wait"), "\tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;\n");
  tracefs.file(format_of("net:napi_poll"), "name: ...");
  const auto set = EventSet::available(
      tracefs.path(), "net:napi_poll,sched:sched_switch,net:napi_poll,sched:sched_stat_wait,sched:sched_waking");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->name, "list");
  EXPECT_THAT(names_of(*set),
              ElementsAre("net:napi_poll", "sched:sched_switch", "sched:sched_stat_wait", "sched:sched_waking"));
  EXPECT_EQ(set->events[0].scope, Scope::kContext);
  EXPECT_EQ(set->events[1].scope, Scope::kSwitch);
  EXPECT_EQ(set->events[2].scope, Scope::kTarget);
  EXPECT_EQ(set->events[3].scope, Scope::kTarget);
}

TEST(EventSet, NamesTheEventOfAListThatIsNotThere) {
  TempTree tracefs;
  fill(tracefs);
  const auto set = EventSet::available(tracefs.path(), "net:netif_rx,net:nosuch");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(set.error().message, fmt::format("--events: this kernel has no tracepoint net:nosuch (see "
                                             "{}/available_events)",
                                             tracefs.str()));
}

TEST(EventSet, RefusesWhatIsNeitherASetNorAList) {
  TempTree tracefs;
  fill(tracefs);
  for (const char* const words :
       {"paths", "", "net:", ":netif_rx", "net:netif_rx,", "net:../netif_rx", "net:netif rx"}) {
    const auto set = EventSet::available(tracefs.path(), words);
    ASSERT_FALSE(set) << words;
    EXPECT_EQ(set.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(set.error().message, fmt::format("--events {}: neither sched, lab, path or stacks, nor events such as "
                                               "net:netif_rx,sched:sched_switch",
                                               words));
  }
}

TEST(EventSet, OfSessionsHasWhatTheyNeedWhateverTheSetHas) {
  TempTree tracefs;
  fill(tracefs);
  tracefs.file(format_of("sock:inet_sock_set_state"), "name: ...");
  for (const char* const words : {"path", "sched", "lab", "net:netif_rx", "sock:inet_sock_set_state"}) {
    const auto set = EventSet::available(tracefs.path(), words);
    ASSERT_TRUE(set) << set.error().message;
    const auto with = set->of_sessions(tracefs.path());
    ASSERT_TRUE(with) << with.error().message;
    std::vector<std::string> names = names_of(*with);
    for (const KnownEvent& known : known_events()) {
      if (!known.is_of_sessions) continue;
      EXPECT_EQ(std::ranges::count(names, known.name), 1) << words << " " << known.name;
    }
    EXPECT_EQ(std::ranges::count(names, "sock:inet_sock_set_state"), 1) << words;
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

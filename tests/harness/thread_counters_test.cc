#include "harness/thread_counters.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/child_process.h"
#include "base/error.h"

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uid_t kNobody = 65534;

std::uint64_t own_switches() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw);
}

std::vector<std::string_view> names_of(const std::vector<CounterValue>& values) {
  std::vector<std::string_view> names;
  names.reserve(values.size());
  for (const CounterValue& value : values) names.push_back(value.name);
  return names;
}

int paranoia() {
  int level = 0;
  std::ifstream("/proc/sys/kernel/perf_event_paranoid") >> level;
  return level;
}

/// What ThreadCounters gives an ordinary user for his own thread; runs in a child, as there is no way back to root.
struct OrdinaryUsersView {
  bool opened = false;
  bool has_switches = false;
  bool has_task_clock = false;
  bool page_faults_are_user_only = false;
  std::size_t refused = 0;
};

OrdinaryUsersView look_as_ordinary_user() {
  OrdinaryUsersView view;
  const std::array tids{gettid()};
  auto counters = ThreadCounters::open(tids);
  if (!counters || !counters->enable()) return view;
  view.opened = true;
  view.refused = counters->refused().size();
  const auto threads = counters->read();
  if (!threads) return view;
  const auto& values = threads->front().values;
  view.has_switches = find_counter(values, "context-switches").has_value();
  view.has_task_clock = find_counter(values, "task-clock").has_value();
  const auto faults = find_counter(values, "page-faults");
  view.page_faults_are_user_only = faults && faults->is_user_only;
  return view;
}

std::optional<OrdinaryUsersView> ask_an_ordinary_user() {
  auto answer = Pipe::open();
  if (!answer) return std::nullopt;
  const int write_end = answer->write_end.get();
  auto child = ChildProcess::run({.name = "ordinary user", .keep_fds = {write_end}}, [write_end] {
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 1;
    const OrdinaryUsersView view = look_as_ordinary_user();
    return write(write_end, &view, sizeof view) == sizeof view ? 0 : 1;
  });
  if (!child || child->wait({}) != 0) return std::nullopt;
  OrdinaryUsersView view;
  if (read(answer->read_end.get(), &view, sizeof view) != sizeof view) return std::nullopt;
  return view;
}

TEST(ThreadCounters, RestUntilEnabled) {
  const std::array tids{gettid()};
  const auto counters = ThreadCounters::open(tids);
  ASSERT_TRUE(counters) << counters.error().message;
  const auto threads = counters->read();
  ASSERT_TRUE(threads);
  for (const CounterValue& value : threads->front().values) EXPECT_EQ(value.value, 0U) << value.name;
}

TEST(ThreadCounters, CountEveryThreadByItself) {
  auto child = ChildProcess::run({.name = "sleeper"}, [] { return pause(); });
  ASSERT_TRUE(child);
  const std::array tids{gettid(), child->pid()};
  auto counters = ThreadCounters::open(tids);
  ASSERT_TRUE(counters) << counters.error().message;
  ASSERT_TRUE(counters->enable());
  const std::uint64_t start = own_switches();
  while (own_switches() < start + 5) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const auto threads = counters->read();
  ASSERT_TRUE(threads);
  ASSERT_THAT(*threads, ElementsAre(Field(&ThreadCounts::tid, tids[0]), Field(&ThreadCounts::tid, tids[1])));
  EXPECT_EQ(names_of(threads->front().values), names_of(threads->back().values));
}

TEST(ThreadCounters, AreKeptWhenTheThreadHasEnded) {
  auto child = ChildProcess::run({.name = "sleeper"}, [] { return pause(); });
  ASSERT_TRUE(child);
  const std::array tids{child->pid()};
  auto counters = ThreadCounters::open(tids);
  ASSERT_TRUE(counters) << counters.error().message;
  ASSERT_TRUE(counters->enable());
  child->send_signal(SIGKILL);
  ASSERT_EQ(child->wait({}), 128 + SIGKILL);
  const auto threads = counters->read();
  ASSERT_TRUE(threads);
  const auto clock = find_counter(threads->front().values, "task-clock");
  if (counters->refused().size() == 4) GTEST_SKIP() << "this user may count nothing";
  ASSERT_TRUE(clock);
  EXPECT_GT(clock->value, 0U) << "to die takes time on a CPU";
}

TEST(ThreadCounters, OfAThreadThatDoesNotExistAreAnError) {
  auto child = ChildProcess::run({.name = "short-lived"}, [] { return 0; });
  ASSERT_TRUE(child);
  const std::array tids{child->pid()};
  ASSERT_EQ(child->wait({}), 0);
  const auto counters = ThreadCounters::open(tids);
  ASSERT_FALSE(counters);
  EXPECT_EQ(counters.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(counters.error().message, AllOf(HasSubstr("cannot count"), HasSubstr("No such process")));
}

TEST(ThreadCounters, RefuseAnOrdinaryUserRatherThanCountZero) {
  const auto view = ask_an_ordinary_user();
  ASSERT_TRUE(view);
  ASSERT_TRUE(view->opened);
  const int level = paranoia();
  // Level 3 is a patch of Debian's kernels: nothing at all for ordinary users.
  const std::size_t refused = level >= 3 ? 4 : level == 2 ? 2 : 0;
  EXPECT_EQ(view->refused, refused) << "kernel.perf_event_paranoid is " << level;
  EXPECT_EQ(view->has_switches, level < 2);
  EXPECT_EQ(view->has_task_clock, level < 3);
  EXPECT_EQ(view->page_faults_are_user_only, level == 2);
}

TEST(SumOverThreads, AddsWhatEveryThreadHas) {
  const std::vector<ThreadCounts> threads{
      {.tid = 1, .values = {{.name = "context-switches", .value = 3}, {.name = "page-faults", .value = 5}}},
      {.tid = 2,
       .values = {{.name = "context-switches", .value = 4},
                  {.name = "page-faults", .value = 6, .is_user_only = true, .is_estimate = true}}}};
  const auto sums = sum_over_threads(threads);
  ASSERT_THAT(names_of(sums), ElementsAre("context-switches", "page-faults"));
  EXPECT_EQ(sums[0].value, 7U);
  EXPECT_FALSE(sums[0].is_user_only);
  EXPECT_FALSE(sums[0].is_estimate);
  EXPECT_EQ(sums[1].value, 11U);
  EXPECT_TRUE(sums[1].is_user_only);
  EXPECT_TRUE(sums[1].is_estimate);
}

TEST(SumOverThreads, LeavesOutWhatOneThreadLacks) {
  const std::vector<ThreadCounts> threads{
      {.tid = 1, .values = {{.name = "task-clock", .value = 3}, {.name = "page-faults", .value = 5}}},
      {.tid = 2, .values = {{.name = "page-faults", .value = 6}}}};
  EXPECT_THAT(names_of(sum_over_threads(threads)), ElementsAre("page-faults"));
}

TEST(SumOverThreads, OfNoThreadsIsNothing) { EXPECT_THAT(sum_over_threads({}), IsEmpty()); }

}  // namespace
}  // namespace sockscope

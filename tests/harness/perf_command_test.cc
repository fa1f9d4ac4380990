#include "harness/perf_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <string>
#include <vector>

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::Not;

constexpr std::size_t kMegabyte = 1'048'576;

RecordSpec sample_spec() {
  return {.output = "/runs/one/tcp-1.perf.data",
          .events = {{"raw_syscalls:sys_enter", Scope::kContext},
                     {"sched:sched_switch", Scope::kSwitch},
                     {"net:netif_rx", Scope::kContext},
                     {"sched:sched_waking", Scope::kTarget}},
          .tids = {11, 12},
          .cpus = {0, 1},
          .buffer_bytes = 64 * kMegabyte,
          .control_fd = 7,
          .acknowledge_fd = 10};
}

TEST(PerfRecordCommand, IsThisOne) {
  EXPECT_THAT(perf_record_command(sample_spec()),
              ElementsAreArray({"perf",
                                "record",
                                "-k",
                                "CLOCK_MONOTONIC",
                                "-C",
                                "0,1",
                                "-m",
                                "64M",
                                "-D",
                                "-1",
                                "--control",
                                "fd:7,10",
                                "--switch-events",
                                "--no-buildid",
                                "--no-buildid-cache",
                                "--synth=task",
                                "-o",
                                "/runs/one/tcp-1.perf.data",
                                "-e",
                                "raw_syscalls:sys_enter,net:netif_rx",
                                "--filter",
                                "common_pid==11||common_pid==12||COMM~\"ksoftirqd/*\"",
                                "-e",
                                "sched:sched_waking",
                                "--filter",
                                "pid==11||pid==12",
                                "-e",
                                "sched:sched_switch",
                                "--filter",
                                "prev_pid==11||prev_pid==12||next_pid==11||next_pid==12"}));
}

// perf refuses a filter without events before it.
TEST(PerfRecordCommand, HasNoFilterForAGroupWithoutEvents) {
  RecordSpec spec = sample_spec();
  ASSERT_THAT(perf_record_command(spec), Contains("--filter").Times(3));
  spec.events = {{"net:netif_rx", Scope::kContext}};
  EXPECT_THAT(perf_record_command(spec), Contains("--filter").Times(1));
  EXPECT_THAT(perf_record_command(spec), Contains("-e").Times(1));
}

TEST(PerfRecordCommand, KeepsEverythingButPerfsOwnWithoutThreads) {
  RecordSpec spec = sample_spec();
  spec.cpus.clear();
  spec.tids.clear();
  EXPECT_THAT(perf_record_command(spec), Contains("-a"));
  EXPECT_THAT(perf_record_command(spec), Not(Contains("-C")));
  EXPECT_THAT(perf_record_command(spec), Contains("--exclude-perf").Times(3));
  EXPECT_THAT(perf_record_command(spec), Not(Contains("--filter")));
}

TEST(PerfRecordCommand, HasNoFilterOfThreadsForWhatHappensInAny) {
  RecordSpec spec = sample_spec();
  spec.events = {{"raw_syscalls:sys_enter", Scope::kContext}, {"net:netif_rx", Scope::kAnywhere}};
  auto command = perf_record_command(spec);
  command.erase(command.begin(), std::ranges::find(command, "-e"));
  EXPECT_THAT(command, ElementsAre("-e", "raw_syscalls:sys_enter", "--filter",
                                   "common_pid==11||common_pid==12||COMM~\"ksoftirqd/*\"", "-e", "net:netif_rx",
                                   "--exclude-perf"));
}

TEST(PerfRecordCommand, AsksForCallChainsBeforeTheEventsThatHaveThem) {
  RecordSpec spec = sample_spec();
  EXPECT_THAT(perf_record_command(spec), Not(Contains("--call-graph")));
  spec.with_stacks = true;
  auto command = perf_record_command(spec);
  command.erase(std::ranges::find(command, "-e"), command.end());
  EXPECT_THAT(std::vector(command.end() - 2, command.end()), ElementsAre("--call-graph", "fp"));
}

TEST(PerfRecordCommand, NamesOneCpuAlone) {
  RecordSpec spec = sample_spec();
  spec.cpus = {3};
  EXPECT_THAT(perf_record_command(spec), Contains("3"));
  EXPECT_THAT(perf_record_command(spec), Not(Contains("0,1")));
}

// 2 * 10,000 * 6,000 bytes = 120 MB: the next power of two is 128 MB, of which the events fill less than half.
TEST(BufferBytes, AreThePowerOfTwoThatTheEventsFillToLessThanHalf) {
  EXPECT_EQ(buffer_bytes_for(10'000, 64), 128 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(5'000, 64), 64 * kMegabyte);  // 60,000,000 bytes
  EXPECT_EQ(buffer_bytes_for(5'592, 64), 64 * kMegabyte);  // 67,104,000 of 67,108,864
  EXPECT_EQ(buffer_bytes_for(5'593, 64), 128 * kMegabyte);
}

TEST(BufferBytes, GrowWithTheSegmentsOfAMessage) {
  EXPECT_EQ(buffer_bytes_for(5'000, 16'383), 64 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(5'000, 16'384), 128 * kMegabyte);  // 2 * 5,000 * (6,000 + 2 * 1,600) = 92,000,000
  EXPECT_EQ(buffer_bytes_for(5'000, 65'536), 256 * kMegabyte);  // 2 * 5,000 * (6,000 + 8 * 1,600) = 188,000,000
}

// With 24,000 bytes of events and call chains a round trip: 2 * 1,000 * 24,000 = 48,000,000.
TEST(BufferBytes, AreFourfoldWithCallChains) {
  EXPECT_EQ(buffer_bytes_for(1'000, 64, true), 64 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(1'000, 64, false), 16 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(100'000, 64, true), 512 * kMegabyte);
}

TEST(BufferBytes, AreNeverLessThan8MegabytesNorMoreThan512) {
  EXPECT_EQ(buffer_bytes_for(0, 64), 8 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(1, 1), 8 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(100'000, 64), 512 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(100'000'000, 65'536), 512 * kMegabyte);
}

TEST(BufferBytes, DoNotOverflow) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto largest_message = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(buffer_bytes_for(most, 64), 512 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(most / 6'000, 64), 512 * kMegabyte);
  EXPECT_EQ(buffer_bytes_for(most, largest_message), 512 * kMegabyte);
}

// The texts are perf 6.1's own, with its exit status.

TEST(ExplainPerfFailure, ThatThereIsNoPerf) {
  EXPECT_EQ(explain_perf_failure(127, ""), "perf is not installed or not in PATH: apt-get install linux-perf");
}

TEST(ExplainPerfFailure, ThatAnEventIsUnknown) {
  EXPECT_EQ(
      explain_perf_failure(129,
                           "event syntax error: 'raw_syscalls:sys_enter,raw_syscalls:sys_exit,sched:nosuc..'\n"
                           "                                                                \\___ unknown tracepoint\n"
                           "\n"
                           "Error:\tFile /sys/kernel/tracing/events/sched/nosuch not found.\n"
                           "Hint:\tPerhaps this kernel misses some CONFIG_ setting to enable this feature?.\n"
                           "\n"
                           "Run 'perf list' for a list of valid events\n"
                           "\n"
                           " Usage: perf record [<options>] [<command>]\n"),
      "perf does not know an event (see sockscope doctor): File /sys/kernel/tracing/events/sched/nosuch not "
      "found.");
}

TEST(ExplainPerfFailure, ThatPerfCannotRecordTracepointsAtAll) {
  EXPECT_EQ(explain_perf_failure(129,
                                 "event syntax error: 'sched:sched_switch'\n"
                                 "                     \\___ unsupported tracepoint\n"
                                 "\n"
                                 "libtraceevent is necessary for tracepoint support\n"),
            "this perf was built without libtraceevent and cannot record tracepoints: apt-get install linux-perf");
}

TEST(ExplainPerfFailure, ThatTracefsMayNotBeRead) {
  EXPECT_EQ(explain_perf_failure(129,
                                 "event syntax error: 'sched:sched_switch'\n"
                                 "                     \\___ can't access trace events\n"
                                 "\n"
                                 "Error:\tNo permissions to read /sys/kernel/tracing/events/sched/sched_switch\n"
                                 "Hint:\tTry 'sudo mount -o remount,mode=755 /sys/kernel/tracing/'\n"),
            "perf has no permission to trace: run as root (sudo), or see sockscope doctor");
}

TEST(ExplainPerfFailure, ThatAnEventMayNotBeEnabled) {
  EXPECT_EQ(explain_perf_failure(255, "Error:\nNo permission to enable sched:sched_switchu event.\n"),
            "perf has no permission to trace: run as root (sudo), or see sockscope doctor");
}

TEST(ExplainPerfFailure, ThatACpuMayNotBeWatched) {
  EXPECT_EQ(explain_perf_failure(255,
                                 "Error:\n"
                                 "Access to performance monitoring and observability operations is limited.\n"
                                 "Consider adjusting /proc/sys/kernel/perf_event_paranoid setting to open\n"
                                 "access to performance monitoring and observability operations for processes\n"
                                 "without CAP_PERFMON, CAP_SYS_PTRACE or CAP_SYS_ADMIN Linux capability.\n"),
            "perf has no permission to trace: run as root (sudo), or see sockscope doctor");
}

TEST(ExplainPerfFailure, ThatTheBuffersMayNotBeLocked) {
  const std::string wanted =
      "perf may not lock that much memory for its buffers: run as root, or raise "
      "/proc/sys/kernel/perf_event_mlock_kb";
  EXPECT_EQ(explain_perf_failure(255,
                                 "Permission error mapping pages.\n"
                                 "Consider increasing /proc/sys/kernel/perf_event_mlock_kb,\n"
                                 "or try again with a smaller value of -m/--mmap_pages.\n"
                                 "(current value: 131072,0)\n"),
            wanted);
  EXPECT_EQ(explain_perf_failure(255, "failed to mmap with 12 (Cannot allocate memory)\n"), wanted);
}

TEST(ExplainPerfFailure, ThatTheDiskIsFull) {
  EXPECT_EQ(explain_perf_failure(255, "failed to write perf data, error: No space left on device\n"),
            "the disk is full: perf could not write its recording");
}

TEST(ExplainPerfFailure, ThatASignalEndedPerf) {
  EXPECT_EQ(explain_perf_failure(128 + SIGKILL, ""),
            "perf record was killed by signal 9: try again, with a smaller --count if memory is short");
  EXPECT_EQ(explain_perf_failure(128 + SIGSEGV, "some warning\n"),
            "perf record was killed by signal 11: try again, with a smaller --count if memory is short");
}

// perf's 129 is not SIGHUP, and its 237 is the errno 19.
TEST(ExplainPerfFailure, WithPerfsOwnWordsWhereItIsNothingOfThese) {
  EXPECT_EQ(explain_perf_failure(129, "  Error: unknown option `nosuchoption'\n\n Usage: perf record\n"),
            "perf record failed with status 129: Error: unknown option `nosuchoption'");
  EXPECT_EQ(explain_perf_failure(237, "Failed to initialize parallel data streaming masks\n"),
            "perf record failed with status 237: Failed to initialize parallel data streaming masks");
  EXPECT_EQ(explain_perf_failure(255,
                                 "failed to open /nonexistent/x : No such file or directory\n"
                                 "Perf session creation failed.\n"),
            "perf record failed with status 255: failed to open /nonexistent/x : No such file or directory");
}

TEST(ExplainPerfFailure, SkipsLinesThatOnlyAnnounceTheNext) {
  EXPECT_EQ(explain_perf_failure(129, "\nWarning:\nunknown clockid CLOCK_NOSUCH, check man page\n"),
            "perf record failed with status 129: unknown clockid CLOCK_NOSUCH, check man page");
}

TEST(ExplainPerfFailure, WithoutAWordFromPerf) {
  EXPECT_EQ(explain_perf_failure(1, ""), "perf record failed with status 1: it gave no reason");
  EXPECT_EQ(explain_perf_failure(1, "\n \n"), "perf record failed with status 1: it gave no reason");
}

}  // namespace
}  // namespace sockscope

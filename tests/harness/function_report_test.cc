#include "harness/function_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/ftrace_recorder.h"
#include "harness/function_rounds.h"
#include "harness/kernel_functions.h"
#include "harness/run_directory.h"
#include "tests/harness/temp_tree.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope {
namespace {

using test_support::kTracepointSampleType;
using test_support::PerfDataBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t kId = 11;
constexpr std::uint64_t kText = 0xffffffff81000000;
constexpr pid_t kClient = 100;
constexpr pid_t kServer = 200;
constexpr pid_t kChild = 300;
constexpr pid_t kStranger = 400;
constexpr const char* kKallsyms =
    "ffffffff81000000 T _text\n"
    "ffffffff81000100 T do_syscall_64\n"
    "ffffffff81000200 T tcp_sendmsg\n"
    "ffffffff81000300 T udp_sendmsg\n"
    "ffffffff81000400 t perf_trace_it\n";

std::vector<std::uint64_t> chain_through(std::uint64_t function) {
  return {perf_data::callchain_mark::kKernel, kText + 0x410, kText + function + 0x10, kText + 0x110};
}

struct SamplesOf {
  pid_t tid = 0;
  std::uint64_t function = 0;
  unsigned count = 0;
};

/// A recording of samples in these threads, of which one of the strangers is ksoftirqd.
std::string recording(const std::vector<SamplesOf>& samples,
                      std::uint64_t more_of_type = perf_data::sample_bit::kCallchain) {
  PerfDataBuilder data;
  data.attr({.type = 1, .config = 0, .sample_type = kTracepointSampleType | more_of_type, .ids = {kId}, .name = "e:v"});
  data.comm("ksoftirqd/0", {.id = kId, .pid = 16, .tid = 16});
  for (const auto& [tid, function, count] : samples) {
    const auto id = static_cast<std::uint32_t>(tid);
    for (unsigned i = 0; i < count; ++i) {
      data.sample({.id = kId, .time_ns = 1, .pid = id, .tid = id, .callchain = chain_through(function)});
    }
  }
  return data.file_form();
}

class FunctionReport : public ::testing::Test {
 protected:
  FunctionReport() { tree.file(kKeptKallsyms, kKallsyms); }

  RunResult& add_run(const Variant& variant, unsigned round, const std::string& content) {
    RunResult run;
    run.step = {.round = round, .variant = 0, .watch = Watch::kPerf};
    run.variant = variant;
    run.client.identity = {.role = Role::kClient, .tid = kClient, .fd = 3};
    run.server.identity = {.role = Role::kServer, .tid = kServer, .fd = 3};
    run.client.measured.unit = "message";
    run.client.measured.units = 10;
    run.recording = recording_name(variant, run.step);
    tree.file(run.recording, content);
    record.runs.push_back(std::move(run));
    return record.runs.back();
  }

  /// Three rounds of each, in which a message is a call of the protocol's.
  void add_rounds() {
    for (const unsigned round : {1U, 2U, 3U}) {
      add_run(variant_of(Protocol::kUdp), round, recording({{kClient, 0x300, 10}}));
      add_run(variant_of(Protocol::kTcp), round, recording({{kClient, 0x200, 10}, {kServer, 0x200, 10}}));
    }
  }

  Result<FunctionsReport> report(const FunctionRule& rule = {}) {
    EXPECT_TRUE(save_run(tree.path(), record));
    return function_report_of(tree.path(), rule);
  }

  std::string error() {
    const auto made = report();
    if (made) return "no error";
    EXPECT_EQ(made.error().kind, ErrorKind::kInput);
    return made.error().message;
  }

  TempTree tree;
  RunRecord record{.mode = "functions", .title = "message of 64 bytes"};
};

TEST_F(FunctionReport, TellsTheFunctionsOfEachProtocol) {
  add_rounds();
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->title, "message of 64 bytes");
  EXPECT_EQ(made->unit, "message");
  EXPECT_EQ(made->sides[0].variant.key, "tcp");
  EXPECT_EQ(made->sides[0].rounds, 3U);
  EXPECT_EQ(made->sides[0].messages, 30U);
  EXPECT_EQ(made->sides[0].samples, 60U);
  EXPECT_EQ(made->sides[1].variant.key, "udp");
  EXPECT_EQ(made->sides[1].samples, 30U);
  ASSERT_EQ(made->compared.only_a.size(), 1U);
  EXPECT_EQ(made->compared.only_a[0].name, "tcp_sendmsg");
  EXPECT_THAT(made->compared.only_a[0].rates, ElementsAre(2, 0));
  ASSERT_EQ(made->compared.only_b.size(), 1U);
  EXPECT_EQ(made->compared.only_b[0].name, "udp_sendmsg");
  ASSERT_EQ(made->compared.both.size(), 1U);
  EXPECT_EQ(made->compared.both[0].name, "do_syscall_64");
  EXPECT_EQ(made->compared.tracing.functions, 1U);
  EXPECT_TRUE(made->is_complete());
  EXPECT_EQ(made->unresolved, "");
}

TEST_F(FunctionReport, IsOfTheTrafficsThreadsAlone) {
  add_rounds();
  RunResult& run = add_run(variant_of(Protocol::kTcp), 4,
                           recording({{kChild, 0x200, 1}, {kStranger, 0x200, 7}, {16, 0x200, 2}, {0, 0x200, 4}}));
  run.owners = {{.pid = kChild, .tids = {}, .role = std::nullopt, .sockets = {}}};
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->sides[0].samples, 67U);
  EXPECT_EQ(made->sides[0].foreign_samples, 7U);
  EXPECT_EQ(made->sides[1].foreign_samples, 0U);
}

TEST_F(FunctionReport, OfRoundTripsDividesByThem) {
  add_rounds();
  for (RunResult& run : record.runs) {
    run.client.measured = {};
    for (int i = 0; i < 5; ++i) run.client.rtt.record(1'000);
  }
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->unit, "round trip");
  EXPECT_THAT(made->compared.only_a[0].rates, ElementsAre(4, 0));
}

TEST_F(FunctionReport, SaysWhatSpeaksAgainstIt) {
  add_rounds();
  PerfDataBuilder data;
  data.attr({.type = 1,
             .config = 0,
             .sample_type = kTracepointSampleType | perf_data::sample_bit::kCallchain,
             .ids = {kId},
             .name = "e:v"});
  data.sample({.id = kId, .time_ns = 1, .pid = kClient, .tid = kClient, .callchain = chain_through(0x200)});
  data.lost(33, {.id = kId});
  add_run(variant_of(Protocol::kTcp), 4, data.file_form()).conditions.tracers = {"bpftrace (pid 12)"};
  record.interrupted = true;
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->sides[0].lost_events, 33U);
  EXPECT_FALSE(made->is_complete());
  EXPECT_TRUE(made->interrupted);
  EXPECT_THAT(made->tracers, ElementsAre("bpftrace (pid 12)"));
}

TEST_F(FunctionReport, HasAddressesWhereNobodyKnowsTheFunctions) {
  std::filesystem::remove(tree / kKeptKallsyms);
  add_rounds();
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->unresolved, HasSubstr("it is of kernel unknown"));
  EXPECT_EQ(made->compared.only_a[0].name, "0xffffffff81000210");
}

// In each message the client calls tcp_sendmsg once and lock_sock_nested twice within: by ftrace, hits are calls.
TEST_F(FunctionReport, CountsTheCallsOfATraceOfFtrace) {
  const auto calls = [](std::string_view send) {
    std::string text = "# tracer: function_graph\n";
    for (int message = 0; message < 10; ++message) {
      text += fmt::format(
          " 0)   nc-100    |               |  {}() {{\n"
          " 0)   nc-100    |   0.100 us    |    lock_sock_nested();\n"
          " 0)   nc-100    |   0.100 us    |    lock_sock_nested();\n"
          " 0)   nc-100    |   1.000 us    |  }} /* {} */\n",
          send, send);
    }
    return text;
  };
  for (const unsigned round : {1U, 2U, 3U}) {
    add_run(variant_of(Protocol::kUdp), round, calls("udp_sendmsg"));
    add_run(variant_of(Protocol::kTcp), round, calls("tcp_sendmsg [tcp]"));
  }
  const auto made = report();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->sides[0].samples, 90U);
  ASSERT_EQ(made->compared.only_a.size(), 1U);
  EXPECT_EQ(made->compared.only_a[0].name, "tcp_sendmsg");
  EXPECT_THAT(made->compared.only_a[0].rates, ElementsAre(1, 0));
  ASSERT_EQ(made->compared.both.size(), 1U);
  EXPECT_EQ(made->compared.both[0].name, "lock_sock_nested");
  EXPECT_THAT(made->compared.both[0].rates, ElementsAre(2, 2));
  EXPECT_TRUE(made->is_complete());
}

TEST_F(FunctionReport, SaysWhyFtraceCannotRecordCalls) {
  const auto possible = FtraceRecorder::check();
  if (possible) GTEST_SKIP() << "this kernel can";
  const Interrupt interrupt = Interrupt::none();
  const CompareOptions options{.measure = {.workload = WorkloadKind::kMessage}};
  const auto recorded =
      record_functions(options, {.with = FunctionSource::kFtrace, .filter = {}}, tree.path(), interrupt);
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(recorded.error().message, possible.error().message + "; --with perf does without");
}

TEST_F(FunctionReport, RefusesWhatHasNoCallChains) {
  add_rounds();
  add_run(variant_of(Protocol::kTcp), 4, recording({{kClient, 0x200, 1}}, 0));
  EXPECT_EQ(error(), (tree / "tcp-4.perf.data").string() +
                         " has no call chains: record it with sockscope functions, or with compare --events stacks");
}

TEST_F(FunctionReport, RefusesWhatHasNothingToCompare) {
  EXPECT_EQ(error(), tree.str() + " has traced runs of 0 variants, and it takes two to compare");
  add_run(variant_of(Protocol::kTcp), 1, recording({{kClient, 0x200, 1}}));
  EXPECT_EQ(error(), tree.str() + " has traced runs of 1 variant, and it takes two to compare");
}

TEST_F(FunctionReport, RefusesARecordingOfOthers) {
  add_rounds();
  add_run(variant_of(Protocol::kTcp), 4, recording({{kStranger, 0x200, 1}}));
  EXPECT_EQ(error(), (tree / "tcp-4.perf.data").string() + " has no call chain of the measured threads");
}

TEST_F(FunctionReport, RefusesWhatIsNoRunDirectory) {
  const auto made = function_report_of(tree / "none", {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kInput);
  EXPECT_THAT(made.error().message, HasSubstr("is not a run directory"));
}

TEST_F(FunctionReport, IsNotMadeOfAKernelThatHidesItsFunctions) {
  tree.file("hidden", "0000000000000000 T _text\n");
  const Interrupt interrupt = Interrupt::none();
  const CompareOptions options{.measure = {.workload = WorkloadKind::kMessage},
                               .trace = {.events = "stacks", .capture = {}}};
  const auto recorded = record_functions(options, {}, tree.path(), interrupt, tree / "hidden");
  ASSERT_FALSE(recorded);
  EXPECT_EQ(recorded.error().kind, ErrorKind::kEnvironment);
  if (recorded.error().message.starts_with("cannot trace here")) GTEST_SKIP() << recorded.error().message;
  EXPECT_EQ(recorded.error().message,
            (tree / "hidden").string() +
                " hides where the kernel's functions are: run as root, or: sudo sysctl kernel.kptr_restrict=0");
}

}  // namespace
}  // namespace sockscope

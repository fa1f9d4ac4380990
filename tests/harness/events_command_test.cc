#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "harness/commands.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/temp_tree.h"
#include "tests/parsers/tracepoint/format_samples.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope {
namespace {

using test_support::PerfDataBuilder;
using ::testing::HasSubstr;

class EventsCommand : public Interruptible {
 protected:
  // Runs the command on perf.data of the tree, its output into a file.
  Result<int> run(EventFilter filter = {}, EventStyle style = EventStyle::kText) {
    testing::internal::CaptureStderr();
    auto status = run_command(
        EventsOptions{
            .path = tree_ / "perf.data", .filter = std::move(filter), .style = style, .file = tree_ / "events"},
        interrupt());
    talk_ = testing::internal::GetCapturedStderr();
    return status;
  }

  [[nodiscard]] std::string printed() const { return content_of(tree_ / "events"); }

  std::string talk_;  // what went to stderr
};

PerfDataBuilder clock_recording() {
  PerfDataBuilder data;
  data.attr({.type = 1, .config = 0, .ids = {11}, .name = "cpu-clock"});
  data.comm("busy", {.id = 11, .pid = 10, .tid = 11});
  data.sample({.id = 11, .time_ns = 1, .cpu = 0, .pid = 10, .tid = 11});
  return data;
}

constexpr std::string_view kClockLine = "            busy    10/11    [000]     0.000000001: cpu-clock:\n";

TEST_F(EventsCommand, NeedsNoFormatsWithoutTracepoints) {
  tree_.file("perf.data", clock_recording().file_form());
  EXPECT_EQ(run().value_or(-1), 0);
  EXPECT_EQ(printed(), kClockLine);
  EXPECT_EQ(talk_, "");
}

TEST_F(EventsCommand, PrintsTracepointsWithTheirFields) {
  const std::string format = tracepoint::format_text("tick", 300, "\tfield:int n;\toffset:8;\tsize:4;\tsigned:1;\n");
  PerfDataBuilder data;
  data.attr({.config = 300, .ids = {11}, .name = "test:tick"});
  data.sample({.id = 11, .time_ns = 1, .cpu = 0, .raw = tracepoint::payload_of(300).u32(7).str()});
  data.sample({.id = 11, .time_ns = 2, .cpu = 0, .raw = tracepoint::payload_of(301).u32(7).str()});
  data.tracing_data(test_support::tracing_data_bytes({{.system = "test", .text = format}}));
  tree_.file("perf.data", data.file_form());
  EXPECT_EQ(run().value_or(-1), 0);
  EXPECT_EQ(printed(),
            "           :1001  1000/1001  [000]     0.000000001: test:tick: n=7\n"
            "           :1001  1000/1001  [000]     0.000000002: test:tick:\n");
  EXPECT_EQ(talk_, "sockscope: " + tree_.str() + "/perf.data: 1 events have fields that could not be read\n");
}

TEST_F(EventsCommand, WritesToStdout) {
  tree_.file("perf.data", clock_recording().file_form());
  testing::internal::CaptureStdout();
  const auto status = run_command(EventsOptions{.path = tree_ / "perf.data", .filter = {}, .file = {}}, interrupt());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), kClockLine);
  EXPECT_EQ(status.value_or(-1), 0);
}

TEST_F(EventsCommand, SaysWhenNoEventHasTheNameAskedFor) {
  tree_.file("perf.data", clock_recording().file_form());
  EXPECT_EQ(run({.globs = {"cpu-*", "sched:*"}}).value_or(-1), 0);
  EXPECT_EQ(printed(), kClockLine);
  EXPECT_EQ(talk_, "sockscope: " + tree_.str() + "/perf.data: no event is named sched:*: it has cpu-clock\n");
}

TEST_F(EventsCommand, SaysWhatIsMissing) {
  PerfDataBuilder data = clock_recording();
  data.lost(5, {.id = 11, .time_ns = 2});
  data.record(test_support::record_bytes(60, "12345678"));
  data.record("cut");
  tree_.file("perf.data", data.file_form());
  EXPECT_EQ(run().value_or(-1), 0);
  const std::string name = "sockscope: " + tree_.str() + "/perf.data: ";
  EXPECT_EQ(talk_, name + "5 events were lost while it was recorded\n" +       //
                       name + "1 records of an unknown type were skipped\n" +  //
                       name + "the file is cut off or damaged; what follows is missing\n");
}

TEST_F(EventsCommand, FailsOnTracepointsWithoutFormats) {
  PerfDataBuilder data;
  data.attr({.config = 300, .ids = {11}, .name = "sched:sched_switch"});
  data.sample({.id = 11, .time_ns = 1});
  tree_.file("perf.data", data.file_form());
  const auto status = run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_THAT(status.error().message, HasSubstr("perf.data: "));
}

TEST_F(EventsCommand, NamesAFileThatIsNotThere) {
  const auto status = run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
}

TEST_F(EventsCommand, NamesAFileThatItCannotWrite) {
  tree_.file("perf.data", clock_recording().file_form());
  const auto status =
      run_command(EventsOptions{.path = tree_ / "perf.data", .filter = {}, .file = tree_ / "none/events"}, interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "cannot write " + tree_.str() + "/none/events: No such file or directory");
}

TEST_F(EventsCommand, DoesNotWriteOverWhatItReads) {
  const std::string recording = clock_recording().file_form();
  tree_.file("perf.data", recording);
  const auto status = run_command(
      EventsOptions{
          .path = tree_ / "perf.data", .filter = {}, .file = tree_ / "../" / tree_.path().filename() / "perf.data"},
      interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(content_of(tree_ / "perf.data"), recording);
}

TEST_F(EventsCommand, FailsOnWhatIsDamagedBeforeItsFirstEvent) {
  PerfDataBuilder data;
  data.attr({.type = 1, .config = 0, .ids = {11}, .name = "cpu-clock"});
  data.comm("busy", {.id = 11, .pid = 10, .tid = 11}).record("123");
  tree_.file("perf.data", data.file_form());
  const auto status = run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
  EXPECT_EQ(status.error().message, tree_.str() + "/perf.data: damaged before its first event");
  EXPECT_EQ(talk_, "");
  tree_.file("perf.data", clock_recording().record("123").file_form());
  EXPECT_TRUE(run()) << "what precedes the damage is kept";
}

TEST_F(EventsCommand, StopsWhenItIsInterrupted) {
  tree_.file("perf.data", clock_recording().file_form());
  ASSERT_EQ(::kill(::getpid(), SIGINT), 0);
  const auto status = run();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(printed(), "");
}

}  // namespace
}  // namespace sockscope

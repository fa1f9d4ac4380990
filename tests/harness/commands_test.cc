#include "harness/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "tests/analysis/ping_pong.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/recording.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;

/// A comparison that takes milliseconds and needs no privileges.
CompareOptions short_comparison(const TempTree& tree) {
  return {.measure = {.count = 20, .rounds = 1, .warm_up = 2, .untraced = true},
          .output = {.format = Format::kJson, .file = tree / "report.json"},
          .keep = tree / "run"};
}

class Commands : public Interruptible {};

TEST(ExitStatusOf, EveryKindOfErrorIsItsOwn) {
  EXPECT_EQ(exit_status_of(ErrorKind::kUsage), 2);
  EXPECT_EQ(exit_status_of(ErrorKind::kEnvironment), 3);
  EXPECT_EQ(exit_status_of(ErrorKind::kInput), 4);
  EXPECT_EQ(exit_status_of(ErrorKind::kInterrupted), 130);
}

TEST_F(Commands, CompareMeasuresReportsAndKeeps) {
  const auto status = run_command(short_comparison(tree_), interrupt());
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  const std::string report = content_of(tree_ / "report.json");
  EXPECT_THAT(report, HasSubstr(R"("schema": "sockscope.compare/)"));
  EXPECT_THAT(report, HasSubstr(R"("mode": "untraced-only")"));
  EXPECT_EQ(content_of(tree_ / "run/summary.json"), report);
  EXPECT_TRUE(std::filesystem::exists(tree_ / "run/run.json"));
}

TEST_F(Commands, CompareRefusesADirectoryThatHoldsARun) {
  tree_.file("run/run.json", "{}");
  const auto status = run_command(short_comparison(tree_), interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kUsage);
}

TEST_F(Commands, CompareThatIsInterruptedBeforeItsFirstRunHasNothingToReport) {
  ASSERT_EQ(raise(SIGINT), 0);
  const auto status = run_command(short_comparison(tree_), interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(status.error().message, "interrupted before the first run was finished");
  EXPECT_FALSE(std::filesystem::exists(tree_ / "report.json"));
}

TEST_F(Commands, ReportReadsARecording) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 3)).file_form());
  const auto status = run_command(
      ReportOptions{.path = tree_ / "perf.data", .output = {.format = Format::kTable, .file = tree_ / "report.txt"}},
      interrupt());
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  EXPECT_THAT(content_of(tree_ / "report.txt"), HasSubstr("perf.data"));
}

TEST_F(Commands, ReportNamesAFileThatIsNotThere) {
  const auto status = run_command(ReportOptions{.path = tree_ / "none", .output = {}}, interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kInput);
}

TEST_F(Commands, ReportNamesAFileThatItCannotWrite) {
  tree_.file("perf.data", recording_of(ping_pong(Protocol::kTcp, 3)).file_form());
  const auto status = run_command(
      ReportOptions{.path = tree_ / "perf.data", .output = {.format = Format::kTable, .file = tree_ / "none/report"}},
      interrupt());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(status.error().message, "cannot write " + tree_.str() + "/none/report: No such file or directory");
}

TEST_F(Commands, HelpIsWrittenToStdout) {
  testing::internal::CaptureStdout();
  const auto status = run_command(ShowText{"some help\n"}, interrupt());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "some help\n");
  EXPECT_EQ(status.value_or(-1), 0);
}

}  // namespace
}  // namespace sockscope

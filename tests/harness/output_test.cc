#include "harness/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include "base/child_process.h"
#include "harness/terminal.h"
#include "harness/version.h"
#include "report/json.h"
#include "report/plot/plot.h"
#include "report/table.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

Summary sample_summary() {
  Summary summary;
  summary.mode = "recording";
  summary.title = "perf.data";
  return summary;
}

std::string captured(const OutputOptions& options) {
  testing::internal::CaptureStdout();
  EXPECT_TRUE(write_report(sample_summary(), options));
  return testing::internal::GetCapturedStdout();
}

TEST(WriteReport, WritesTheTableToStdoutWithoutColourWhenThatIsNoTerminal) {
  EXPECT_EQ(captured({.format = Format::kTable, .file = {}}), render_table(sample_summary()));
}

TEST(WriteReport, WritesJsonToStdout) {
  EXPECT_EQ(captured({.format = Format::kJson, .file = {}}), render_json(sample_summary()));
}

TEST(WriteReport, WritesAPageToWhatIsNoTerminal) {
  EXPECT_EQ(captured({.format = Format::kHtml, .file = {}}), render_html(sample_summary(), nullptr, kVersion));
}

TEST(WriteReport, WritesPicturesInThePlaceOfTheTable) {
  const auto environment = TerminalEnvironment::current();
  EXPECT_EQ(captured({.file = {}, .plot = true}),
            render_plot(sample_summary(), {.screen = screen_for(environment, true)}));
}

TEST(CheckOutput, PicturesAreNoFormat) {
  EXPECT_TRUE(check_output({.plot = true}));
  for (const Format format : {Format::kJson, Format::kHtml, Format::kCsv, Format::kCtf}) {
    const auto can = check_output({.format = format, .file = "somewhere", .plot = true});
    ASSERT_FALSE(can);
    EXPECT_EQ(can.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(can.error().message, "--plot draws pictures of text in the place of the table: leave out --format");
  }
}

TEST(WriteReport, WritesToAFileInsteadOfStdout) {
  const TempTree tree;
  EXPECT_EQ(captured({.format = Format::kJson, .file = tree / "report.json"}), "");
  EXPECT_EQ(content_of(tree / "report.json"), render_json(sample_summary()));
}

/// What write_stdout() makes of a stdout that is this descriptor: 0 if it was content, 1 if not.
int write_to(int stdout_fd) {
  auto child = ChildProcess::run({.name = "writer", .stdout_fd = stdout_fd}, [] {
    (void)std::signal(SIGPIPE, SIG_IGN);
    return write_stdout("text") ? 0 : 1;
  });
  return child ? child->wait({}).value_or(-1) : -1;
}

TEST(WriteStdout, DoesNotMindAReaderThatHasLeft) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  pipe->read_end.reset();
  EXPECT_EQ(write_to(pipe->write_end.get()), 0);
}

TEST(WriteStdout, MindsAFullDisk) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  EXPECT_EQ(write_to(full.get()), 1);
}

}  // namespace
}  // namespace sockscope

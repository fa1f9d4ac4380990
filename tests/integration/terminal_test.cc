#include "tests/integration/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/recorded_programs.h"

/// What somebody at a terminal sees, and what Ctrl-C does there.
namespace sockscope {
namespace {

using ::testing::ElementsAre;
using testing::kCtrlC;
using ::testing::MatchesRegex;
using testing::Scratch;
using testing::Terminal;

constexpr const char* kClearLine = "\r\033[K";

/// What each line of progress said before the next one, or nothing at the end, took its place.
std::vector<std::string> lines_of_progress(const std::string& shown) {
  const std::string clear = kClearLine;
  std::vector<std::string> lines;
  for (std::size_t at = 0, next = 0; at <= shown.size(); at = next + clear.size()) {
    next = std::min(shown.find(clear, at), shown.size());
    lines.push_back(shown.substr(at, next - at));
  }
  return lines;
}

TEST(ProgressOnATerminal, SaysWhatRunsAndTheTimeLeftAndIsGoneInTheEnd) {
  const Scratch scratch;
  Terminal terminal({SOCKSCOPE_PROGRAM, "compare", "--untraced", "--rounds", "1", "--count", "200", "-o",
                     (scratch / "report").string()});
  ASSERT_EQ(terminal.finish(), 0) << terminal.shown();
  // What a busy machine makes it measure again is no step of its own.
  std::vector<std::string> lines = lines_of_progress(terminal.shown());
  std::erase_if(lines, [](const std::string& line) { return line.contains(", again"); });
  EXPECT_THAT(lines, ElementsAre("", "[1/4] round 1: TCP, untraced",
                                 MatchesRegex("\\[2/4\\] round 1: UDP, untraced; about [0-9]+ s left"),
                                 MatchesRegex("\\[3/4\\] round 1: TCP, counted; about [0-9]+ s left"),
                                 MatchesRegex("\\[4/4\\] round 1: UDP, counted; about [0-9]+ s left"), ""));
}

TEST(ProgressOnATerminal, IsNotForAFile) {
  const Scratch scratch;
  const auto finished = testing::sockscope(
      {"compare", "--untraced", "--rounds", "1", "--count", "200", "-o", (scratch / "report").string()});
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(finished.err, "");
}

std::vector<pid_t> pids_of_children(pid_t parent) {
  std::vector<pid_t> pids;
  for (const auto& [pid, comm] : testing::children_of(parent)) pids.push_back(pid);
  return pids;
}

TEST(CtrlC, EndsAComparisonWithItsEndsAndClearsTheLine) {
  const Scratch scratch;
  Terminal terminal({SOCKSCOPE_PROGRAM, "compare", "--untraced", "--rounds", "1", "--duration", "600", "-o",
                     (scratch / "report").string()});
  ASSERT_NE(testing::wait_for_child(terminal.pid(), "echo-client", std::chrono::seconds{20}), 0);
  const auto started = pids_of_children(terminal.pid());
  EXPECT_EQ(started.size(), 2U);
  terminal.type(kCtrlC);
  EXPECT_EQ(terminal.finish(), 130);
  // What a busy machine makes it measure again is no step of its own.
  std::vector<std::string> lines = lines_of_progress(terminal.shown());
  std::erase_if(lines, [](const std::string& line) { return line.contains(", again"); });
  EXPECT_THAT(lines, ElementsAre("", "[1/4] round 1: TCP, untraced^C",
                                 "sockscope: interrupted before the first run was finished\r\n"));
  for (const pid_t pid : started) EXPECT_FALSE(testing::is_alive(pid)) << pid;
}

class RecordOnATerminal : public testing::RecordedPrograms {};

// Through a shell, as at a prompt: Ctrl-C is the program's alone, and afterwards the keyboard is the shell's again.
TEST_F(RecordOnATerminal, KeepsWhatAProgramDidUntilCtrlC) {
  const std::string to = directory().string();
  Terminal terminal({"sh", "-c",
                     SOCKSCOPE_PROGRAM " record " + to +
                         " -- sh -c 'echo started; exec sleep 4711';"
                         "echo status $?; read -r line; echo read $line"});
  ASSERT_TRUE(terminal.shows("started\r\n")) << terminal.shown();
  const pid_t record = testing::wait_for_child(terminal.pid(), "sockscope", std::chrono::seconds{20});
  ASSERT_NE(testing::wait_for_child(record, "sleep", std::chrono::seconds{20}), 0);
  const auto started = pids_of_children(record);
  EXPECT_EQ(started.size(), 2U) << "the program and perf";
  terminal.type(kCtrlC);
  ASSERT_TRUE(terminal.shows("status 130\r\n")) << terminal.shown();
  terminal.type("typed\n");
  EXPECT_EQ(terminal.finish(), 0);
  EXPECT_EQ(terminal.shown(), "started\r\n^Csockscope: recorded " + to +
                                  "/programs.perf.data (the program was ended by signal 2); read it with: sockscope "
                                  "report " +
                                  to + "\r\nstatus 130\r\ntyped\r\nread typed\r\n");
  EXPECT_FALSE(testing::is_alive(record));
  for (const pid_t pid : started) EXPECT_FALSE(testing::is_alive(pid)) << pid;
  EXPECT_EQ(testing::report_of(directory()).at("programs").at(0).at("status"), 128 + SIGINT);
}

TEST(PageOnATerminal, IsRefusedBeforeAnythingIsMeasured) {
  Terminal terminal({SOCKSCOPE_PROGRAM, "compare", "--format", "html"});
  EXPECT_EQ(terminal.finish(), 2);
  EXPECT_EQ(terminal.shown(), "sockscope: --format html is for a browser, not for a terminal: add -o report.html\r\n");
}

TEST(PerfettoOnATerminal, IsRefusedBeforeAnythingIsRead) {
  Terminal terminal({SOCKSCOPE_PROGRAM, "report", "nowhere", "--format", "perfetto"});
  EXPECT_EQ(terminal.finish(), 2);
  EXPECT_EQ(terminal.shown(),
            "sockscope: --format perfetto is for ui.perfetto.dev, not for a terminal: add -o FILE\r\n");
}

}  // namespace
}  // namespace sockscope

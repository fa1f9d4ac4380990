#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "report/text.h"
#include "tests/integration/sockscope_program.h"
#include "tests/integration/terminal.h"

/// What reports look like on terminals of several widths.
namespace sockscope {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Scratch;
using testing::Terminal;

constexpr const char* kRun = DATA_FOLDER "/tcp-one-cpu";
constexpr const char* kUtf8 = "LC_ALL=C.UTF-8";
constexpr const char* kAscii = "LC_ALL=C";

/// What somebody sees of a command on a terminal; with the variables, and without those that say how it is.
std::string shown(const std::vector<std::string>& variables, const std::vector<std::string>& command,
                  unsigned short columns) {
  std::vector<std::string> words{"env", "-u", "COLUMNS", "-u", "NO_COLOR"};
  words.insert(words.end(), variables.begin(), variables.end());
  words.emplace_back(SOCKSCOPE_PROGRAM);
  words.insert(words.end(), command.begin(), command.end());
  Terminal terminal(words, columns);
  EXPECT_EQ(terminal.finish(), 0) << terminal.shown();
  return std::regex_replace(terminal.shown(), std::regex("\r"), "");
}

std::string without_colour(const std::string& text) {
  return std::regex_replace(text, std::regex("\x1b\\[[0-9]*m"), "");
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::istringstream lines(without_colour(text));
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, width_of(line));
  return widest;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class TerminalOfWidth : public ::testing::TestWithParam<unsigned short> {};

TEST_P(TerminalOfWidth, KeepsWithinItAndShowsDistributions) {
  for (const char* const locale : {kUtf8, kAscii}) {
    const std::string table = shown({locale}, {"report", kRun}, GetParam());
    EXPECT_LE(widest_line(table), GetParam()) << table;
    // The round trips' own: of twenty, from the fastest to the slowest.
    EXPECT_THAT(table, HasSubstr(std::string(locale) == kUtf8 ? "▁" : ":")) << table;
    EXPECT_THAT(without_colour(table), ::testing::ContainsRegex("\n +40\\.02 +p99 117\\.5\n")) << table;
  }
}

TEST_P(TerminalOfWidth, PlotsWithinIt) {
  for (const char* const locale : {kUtf8, kAscii}) {
    const std::string plot = shown({locale}, {"report", kRun, "--plot"}, GetParam());
    EXPECT_EQ(widest_line(plot), GetParam()) << "the axis has the whole width: " << plot;
    EXPECT_THAT(plot, HasSubstr(std::string(locale) == kUtf8 ? "══" : "TT"));
    EXPECT_THAT(plot, HasSubstr("\x1b[36m"));
  }
}

INSTANTIATE_TEST_SUITE_P(Widths, TerminalOfWidth, ::testing::Values(60, 80, 132));

TEST(ReportOnATerminal, ColumnsSaysMoreThanTheTerminal) {
  EXPECT_EQ(widest_line(shown({kUtf8, "COLUMNS=70"}, {"report", kRun, "--plot"}, 132)), 70U);
}

TEST(ReportOnATerminal, IsEightyColumnsWideIfItDoesNotSay) {
  EXPECT_EQ(widest_line(shown({kUtf8}, {"report", kRun, "--plot"}, 0)), 80U);
}

TEST(ReportOnATerminal, HasNoColourWhereThatIsNotWanted) {
  EXPECT_THAT(shown({kUtf8, "NO_COLOR=1"}, {"report", kRun, "--plot"}, 80), Not(HasSubstr("\x1b")));
}

TEST(ReportOnATerminal, IsTheSameInAPipeAndInAFileWhateverTheTerminal) {
  const Scratch scratch;
  const auto piped = testing::sockscope({"report", kRun});
  ASSERT_EQ(piped.status, 0);
  EXPECT_LE(widest_line(piped.out), 100U);
  EXPECT_THAT(piped.out, Not(AnyOf(HasSubstr("▁"), HasSubstr(" p99 117.5"), HasSubstr("\x1b"))));
  const auto file = scratch / "report.txt";
  for (const unsigned short columns : std::array<unsigned short, 2>{60, 132}) {
    EXPECT_EQ(shown({kUtf8}, {"report", kRun, "-o", file.string()}, columns), "");
    EXPECT_EQ(content(file), piped.out) << columns;
  }
}

TEST(ReportOnATerminal, PlotsIntoAFileEightyColumnsWideAndWithoutColour) {
  const Scratch scratch;
  const auto file = scratch / "plot.txt";
  EXPECT_EQ(shown({kUtf8}, {"report", kRun, "--plot", "-o", file.string()}, 132), "");
  EXPECT_EQ(widest_line(content(file)), 80U);
  EXPECT_THAT(content(file), AllOf(HasSubstr("══ TCP"), Not(HasSubstr("\x1b"))));
}

TEST(Plot, IsNoOtherFormat) {
  for (const char* const command : {"report", "compare"}) {
    std::vector<std::string> words{command};
    if (words.front() == "report") words.emplace_back("nowhere");
    words.insert(words.end(), {"--plot", "--format", "json"});
    const auto refused = testing::sockscope(words);
    EXPECT_EQ(refused.status, 2);
    EXPECT_EQ(refused.out, "");
    EXPECT_EQ(refused.err, "sockscope: --plot draws pictures of text in the place of the table: leave out --format\n");
  }
}

TEST(CompareOnATerminal, KeepsWithinIt) {
  const std::string all = shown({kUtf8}, {"compare", "--untraced", "--rounds", "1", "--count", "200"}, 60);
  // Behind what the progress said in its one line.
  const std::string table = all.substr(all.rfind("\033[K") + 3);
  EXPECT_LE(widest_line(table), 60U) << table;
  EXPECT_THAT(table, HasSubstr("▁"));
  const std::string plot = shown({kUtf8}, {"compare", "--untraced", "--rounds", "1", "--count", "200", "--plot"}, 60);
  EXPECT_THAT(plot, AllOf(HasSubstr("══"), HasSubstr("──"), Not(HasSubstr("FROM TCP TO UDP"))));
}

}  // namespace
}  // namespace sockscope

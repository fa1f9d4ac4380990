#include "report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string line_with(const std::string& table, const std::string& part) {
  for (const std::string& line : lines_of(table)) {
    if (line.find(part) != std::string::npos) return line;
  }
  return {};
}

Summary udp_alone() {
  Summary summary = full_compare();
  summary.variants.erase(summary.variants.begin());
  summary.laws.erase(summary.laws.begin(), summary.laws.begin() + 2);
  return summary;
}

TEST(TableGolden, FullCompare) { expect_golden("full_compare.txt", render_table(full_compare())); }
TEST(TableGolden, Compared) { expect_golden("compared.txt", render_table(compared())); }
TEST(TableGolden, CannotTell) { expect_golden("cannot_tell.txt", render_table(cannot_tell())); }
TEST(TableGolden, OverDevices) { expect_golden("over_devices.txt", render_table(over_devices())); }
TEST(TableGolden, OneLawFails) { expect_golden("one_law_fails.txt", render_table(one_law_fails())); }
TEST(TableGolden, FlawedCompare) { expect_golden("flawed_compare.txt", render_table(flawed_compare())); }
TEST(TableGolden, UntracedOnly) { expect_golden("untraced_only.txt", render_table(untraced_only())); }
TEST(TableGolden, ForeignRecording) { expect_golden("foreign_recording.txt", render_table(foreign_recording())); }
TEST(TableGolden, OwnPrograms) { expect_golden("own_programs.txt", render_table(own_programs())); }
TEST(TableGolden, LackingStages) { expect_golden("lacking_stages.txt", render_table(lacking_stages())); }
TEST(TableGolden, UdpAlone) { expect_golden("udp_alone.txt", render_table(udp_alone())); }
TEST(TableGolden, OneWay) { expect_golden("one_way.txt", render_table(one_way())); }
TEST(TableGolden, TracedOneWay) { expect_golden("traced_one_way.txt", render_table(traced_one_way())); }
TEST(TableGolden, Stalled) { expect_golden("stalled.txt", render_table(stalled())); }
TEST(TableGolden, Empty) { expect_golden("empty.txt", render_table(Summary())); }

class AnyTable : public ::testing::TestWithParam<Summary (*)()> {};

TEST_P(AnyTable, StaysWithin100PrintableColumns) {
  for (const std::string& line : lines_of(render_table(GetParam()()))) {
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST_P(AnyTable, ColourChangesNothingButColour) {
  const std::string coloured = render_table(GetParam()(), {.colour = true});
  EXPECT_THAT(coloured, HasSubstr("\x1b[1m"));
  const std::regex colour("\x1b\\[[0-9]*m");
  EXPECT_EQ(std::regex_replace(coloured, colour, ""), render_table(GetParam()()));
}

TEST_P(AnyTable, IsTheSameEveryTime) { EXPECT_EQ(render_table(GetParam()()), render_table(GetParam()())); }

INSTANTIATE_TEST_SUITE_P(Samples, AnyTable,
                         ::testing::Values(
                             full_compare, one_law_fails, flawed_compare, untraced_only, foreign_recording,
                             lacking_stages, own_programs, traced_one_way, hostile, udp_alone,
                             +[] { return Summary(); }));

TEST(Table, ModeIsTheFirstThingSaid) {
  const auto lines = lines_of(render_table(full_compare()));
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[0], "sockscope compare: echo 64 B, both ends on CPU 0, 5 rounds x 10000");
  EXPECT_THAT(lines[1], HasSubstr("mode traced: "));
}

TEST(Table, NothingIsMarkedWithoutAReason) { EXPECT_THAT(render_table(full_compare()), Not(HasSubstr("!"))); }

TEST(Table, LostEventsAreSaidAtTheTopAndMarkTracedFiguresOnly) {
  Summary summary = full_compare();
  summary.data_quality.lost_events = 7;
  const std::string table = render_table(summary);
  EXPECT_EQ(lines_of(table)[2],
            "! 7 events were lost: a buffer was full. Less load on the machine, or fewer events, avoid it.");
  EXPECT_THAT(line_with(table, "system calls"), HasSubstr("4.000!"));
  EXPECT_THAT(line_with(table, "  p50  "), Not(HasSubstr("!")));
  EXPECT_THAT(line_with(table, "voluntary (getrusage)"), Not(HasSubstr("!")));
}

TEST(Table, AFailingLawMarksWhatDependsOnItAndNothingElse) {
  const std::string table = render_table(one_law_fails());
  const std::string counts = line_with(table, "system calls");
  EXPECT_EQ(std::ranges::count(counts, '!'), 3) << "UDP's count, the difference and the ratio: " << counts;
  EXPECT_THAT(line_with(table, "request  send"), Not(HasSubstr("!")));
  EXPECT_THAT(line_with(table, "voluntary switches (trace)"), Not(HasSubstr("!")));
  EXPECT_THAT(table, HasSubstr("  FAILS  udp: skbs queued"));
}

TEST(Table, AnInterruptedRunSaysSoAndItsFiguresStand) {
  Summary summary = full_compare();
  summary.interrupted = true;
  const std::string table = render_table(summary);
  EXPECT_THAT(lines_of(table)[2], HasSubstr("! Interrupted"));
  EXPECT_THAT(line_with(table, "system calls"), Not(HasSubstr("!")));
}

TEST(Table, AnAbsentStageIsNotZero) {
  const std::string wake_up = line_with(render_table(lacking_stages()), "request  wake-up");
  EXPECT_THAT(wake_up, HasSubstr("-        -       100 %"));
  const std::string partly = line_with(render_table(full_compare()), "request  wake-up");
  EXPECT_THAT(partly, HasSubstr("40.0 %"));
}

TEST(Table, StagesAddUpToTheRoundTrip) {
  // TCP by hand: 2 x (3,120 + 1,050 + 910 + 4,260 + 2,110) + 1,730 = 24,630 ns, and 2 x 2,480 in 60 % of them: 27,606.
  const std::string table = render_table(full_compare());
  EXPECT_THAT(line_with(table, "sum of the stages"), HasSubstr(" 27.61 "));
  EXPECT_THAT(line_with(table, "  round trip  "), HasSubstr(" 27.61 "));
}

TEST(Table, WiderPagesBreakLater) {
  Summary summary = full_compare();
  summary.title = std::string(90, 'a') + " " + std::string(40, 'b');
  EXPECT_EQ(lines_of(render_table(summary, {.width = 200}))[0].size(), 19U + 131U);
  EXPECT_LE(lines_of(render_table(summary, {.width = 20}))[0].size(), 100U);
}

TEST(Table, CommandsCanBePasted) {
  const std::string table = render_table(untraced_only());
  EXPECT_THAT(
      table,
      HasSubstr("      run as root: sudo sockscope ...\n      or: sudo sysctl -w kernel.perf_event_paranoid=-1\n"));
  EXPECT_THAT(table, HasSubstr("tracing \\\n        /sys"));
}

}  // namespace
}  // namespace sockscope::testing

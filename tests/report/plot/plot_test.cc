#include "report/plot/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <sstream>
#include <string>

#include "report/table.h"
#include "report/text.h"
#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array kWidths{40, 60, 80, 120};

std::string plot_of(const Summary& summary, int width, Glyphs glyphs) {
  return render_plot(summary, {.screen = Screen{.width = width, .glyphs = glyphs}});
}

TEST(PlotGolden, Compared80) { expect_golden("plot_compared_80.txt", plot_of(compared(), 80, Glyphs::kUnicode)); }
TEST(PlotGolden, Compared120) { expect_golden("plot_compared_120.txt", plot_of(compared(), 120, Glyphs::kUnicode)); }
TEST(PlotGolden, Compared40) { expect_golden("plot_compared_40.txt", plot_of(compared(), 40, Glyphs::kUnicode)); }
TEST(PlotGolden, Compared80Ascii) {
  expect_golden("plot_compared_80_ascii.txt", plot_of(compared(), 80, Glyphs::kAscii));
}
TEST(PlotGolden, TableOnAScreen) {
  expect_golden("table_on_screen_120.txt",
                render_table(compared(), {.screen = Screen{.width = 120, .glyphs = Glyphs::kUnicode}}));
}
TEST(PlotGolden, TableOnANarrowScreen) {
  expect_golden("table_on_screen_60.txt",
                render_table(compared(), {.screen = Screen{.width = 60, .glyphs = Glyphs::kAscii}}));
}

class AnyPlot : public ::testing::TestWithParam<Summary (*)()> {};

void expect_within(const std::string& text, int width, Glyphs glyphs) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), static_cast<std::size_t>(width)) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    if (glyphs == Glyphs::kUnicode) continue;
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
  }
}

TEST_P(AnyPlot, KeepsWithinTheScreen) {
  for (const int width : kWidths) {
    for (const Glyphs glyphs : {Glyphs::kAscii, Glyphs::kUnicode}) {
      expect_within(plot_of(GetParam()(), width, glyphs), width, glyphs);
    }
  }
}

TEST_P(AnyPlot, NarrowerThanFortyColumnsIsForty) {
  EXPECT_EQ(plot_of(GetParam()(), 3, Glyphs::kAscii), plot_of(GetParam()(), 40, Glyphs::kAscii));
}

TEST_P(AnyPlot, ColourChangesNothingButColour) {
  const TableOptions plain{.screen = Screen{.width = 80, .glyphs = Glyphs::kUnicode}};
  TableOptions coloured = plain;
  coloured.colour = true;
  const std::regex colour("\x1b\\[[0-9]*m");
  EXPECT_EQ(std::regex_replace(render_plot(GetParam()(), coloured), colour, ""), render_plot(GetParam()(), plain));
}

TEST_P(AnyPlot, TheTableKeepsWithinTheScreenAsWell) {
  Summary summary = GetParam()();
  summary.missing.clear();  // commands to be pasted are never broken within a word
  for (const int width : kWidths) {
    const std::string table = render_table(summary, {.screen = Screen{.width = width, .glyphs = Glyphs::kAscii}});
    expect_within(table, width, Glyphs::kAscii);
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, AnyPlot,
                         ::testing::Values(
                             full_compare, compared, cannot_tell, one_law_fails, flawed_compare, untraced_only,
                             foreign_recording, lacking_stages, own_programs, one_way, traced_one_way, stalled, hostile,
                             +[] { return Summary(); }));

TEST(Plot, SaysTheAnswerFirst) {
  const std::string plot = plot_of(compared(), 80, Glyphs::kUnicode);
  const auto answer = plot.find("UDP is faster by ");
  ASSERT_NE(answer, std::string::npos);
  EXPECT_LT(answer, plot.find("ROUND TRIP, untraced"));
  EXPECT_LT(plot.find("ROUND TRIP, untraced"), plot.find("FROM TCP TO UDP, traced"));
}

TEST(Plot, OfOneVariantHasNoWaterfall) {
  const std::string plot = plot_of(foreign_recording(), 80, Glyphs::kUnicode);
  EXPECT_THAT(plot, HasSubstr("ROUND TRIP, traced: "));
  EXPECT_THAT(plot, Not(HasSubstr("FROM ")));
}

// By hand: 27,606 ns against 20,742: of the stages' means, since no pairs of runs were compared.
TEST(Plot, TwoVariantsOfOneRecordingHaveAWaterfallOfTheirMeans) {
  const std::string plot = plot_of(full_compare(), 80, Glyphs::kAscii);
  EXPECT_THAT(plot, HasSubstr("TCP, mean            27.61 ...."));
  EXPECT_THAT(plot, HasSubstr("request  send        -0.48  "));
  EXPECT_THAT(plot, HasSubstr("request  receive     -2.31  "));
  EXPECT_THAT(plot, HasSubstr("UDP, mean            21.34 |\n"));
}

TEST(Plot, MarksWhatCannotBeTakenAtItsWord) {
  const std::string plot = plot_of(flawed_compare(), 80, Glyphs::kAscii);
  EXPECT_THAT(plot, HasSubstr("! 1,234 events were lost"));
  EXPECT_THAT(plot, HasSubstr("request  send        -0.48!"));
  EXPECT_THAT(plot, HasSubstr("  TCP     11.77   12.37 ")) << "nothing speaks against what was not traced";
}

// What the trace says, as the table's LATENCY, not the workload's clock in the same rounds.
TEST(Plot, OfATracedRunAloneIsFromTheTrace) {
  Summary summary = full_compare();
  for (VariantSummary& side : summary.variants) side.untraced.reset();
  EXPECT_THAT(plot_of(summary, 80, Glyphs::kAscii), HasSubstr("ROUND TRIP, traced: what share took less than so long"));
  EXPECT_THAT(plot_of(summary, 80, Glyphs::kAscii), HasSubstr("\n  TCP     24.63   29.59   29.59 "));
}

TEST(Plot, OfMessagesWithoutAnswersIsTheirOtherTimes) {
  EXPECT_THAT(plot_of(one_way(), 80, Glyphs::kAscii), HasSubstr("TRANSFER, untraced: microseconds\n"));
}

TEST(Plot, OfASingleMessageIsItsFigure) {
  const std::string plot = plot_of(own_programs(), 80, Glyphs::kAscii);
  EXPECT_THAT(plot, HasSubstr("ONE WAY, REQUEST, traced: microseconds\n"
                              "            min     p50     p90     p99   p99.9     max  measured\n"
                              "  TCP     11.45   11.45   11.45   11.45   11.45   11.45         1\n"));
  EXPECT_THAT(plot, Not(HasSubstr("90 % +")));
}

TEST(Plot, SaysThatThereIsNothing) {
  EXPECT_THAT(plot_of(Summary(), 80, Glyphs::kAscii),
              HasSubstr("Nothing to draw: no message was timed, and none followed from end to end.\n"));
}

TEST(TableOnAScreen, IsTheUsualTableWithoutOne) {
  const std::string table = render_table(compared());
  EXPECT_EQ(render_table(compared(), {.screen = std::nullopt}), table);
  EXPECT_THAT(table, Not(HasSubstr("to p99")));
  EXPECT_THAT(table, Not(HasSubstr(" p99 42.43")));
}

TEST(TableOnAScreen, HasTheStagesSpreadWhereThereIsRoom) {
  const auto table_of = [](int width) {
    return render_table(compared(), {.screen = Screen{.width = width, .glyphs = Glyphs::kUnicode}});
  };
  EXPECT_THAT(table_of(120), HasSubstr("TCP to p99"));
  EXPECT_THAT(table_of(120), HasSubstr("to p99: how those that have the stage are spread"));
  EXPECT_THAT(table_of(80), Not(HasSubstr("to p99")));
}

}  // namespace
}  // namespace sockscope::testing

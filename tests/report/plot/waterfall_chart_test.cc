#include "report/plot/waterfall_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::ResultOf;

const Style kPlain(false);
const WaterfallEnd kFrom{.label = "TCP, mean", .figure = "10.00", .ns = 10'000};
const WaterfallEnd kTo{.label = "UDP, mean", .figure = "6.00", .ns = 6'000};

/// 10 us, less 5, more 2, next to nothing, and less 1 that may be nothing.
std::vector<WaterfallRow> four_steps() {
  return {{.label = "request  send",
           .change = "-5.00",
           .interval = " [-5.10, -4.90]",
           .before_ns = 10'000,
           .after_ns = 5'000},
          {.label = "request  device",
           .change = "+2.00",
           .interval = " [1.90, 2.10]",
           .before_ns = 5'000,
           .after_ns = 7'000},
          {.label = "request  backlog",
           .change = "+0.01",
           .interval = " [0.00, 0.02]",
           .before_ns = 7'000,
           .after_ns = 7'010},
          {.label = "response deliver",
           .change = "-1.01",
           .interval = " [-2.02, 0.03]",
           .may_be_nothing = true,
           .before_ns = 7'010,
           .after_ns = 6'000}};
}

// 40 columns: 16 for the labels, 5 for the figures, a blank behind each: 17 cells for 5 us, 3.4 each.
TEST(WaterfallChart, EachBarBeginsWhereTheOneBeforeItEnded) {
  EXPECT_THAT(waterfall_chart(kFrom, four_steps(), kTo, {.width = 40, .glyphs = Glyphs::kUnicode}, kPlain),
              ElementsAre("TCP, mean        10.00 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄│",  //
                          "request  send    -5.00 █████████████████",  //
                          "request  device  +2.00 ░░░░░░░",            //
                          "request  backlog +0.01        │",           //
                          "response deliver -1.01    ▒▒▒▒",            //
                          "UDP, mean         6.00 ┄┄┄│",               //
                          "  bars: 5.00 to 10.00 us",                  //
                          "  █ saved  ░ added  ▒ may be nothing"));
}

TEST(WaterfallChart, SignsAreItsBarsInAscii) {
  EXPECT_THAT(waterfall_chart(kFrom, four_steps(), kTo, {.width = 40, .glyphs = Glyphs::kAscii}, kPlain),
              ElementsAre("TCP, mean        10.00 ................|",  //
                          "request  send    -5.00 -----------------",  //
                          "request  device  +2.00 +++++++",            //
                          "request  backlog +0.01        |",           //
                          "response deliver -1.01    ~~~~",            //
                          "UDP, mean         6.00 ...|",               //
                          "  bars: 5.00 to 10.00 us",                  //
                          "  - saved  + added  ~ may be nothing"));
}

// 78 columns leave 40 cells beside intervals of 15: 8 for a microsecond.
TEST(WaterfallChart, HasIntervalsWhereThereIsRoomForThem) {
  EXPECT_THAT(waterfall_chart(kFrom, four_steps(), kTo, {.width = 78, .glyphs = Glyphs::kAscii}, kPlain),
              ElementsAre("TCP, mean        10.00                .......................................|",
                          "request  send    -5.00 [-5.10, -4.90] ----------------------------------------",
                          "request  device  +2.00 [1.90, 2.10]   ++++++++++++++++",
                          "request  backlog +0.01 [0.00, 0.02]                   |",
                          "response deliver -1.01 [-2.02, 0.03]          ~~~~~~~~",
                          "UDP, mean         6.00                ........|", "  bars: 5.00 to 10.00 us",
                          "  - saved  + added  ~ may be nothing"));
  EXPECT_EQ(waterfall_chart(kFrom, four_steps(), kTo, {.width = 61, .glyphs = Glyphs::kAscii}, kPlain)[1],
            "request  send    -5.00 " + std::string(38, '-'));
  EXPECT_EQ(waterfall_chart(kFrom, four_steps(), kTo, {.width = 62, .glyphs = Glyphs::kAscii}, kPlain)[1],
            "request  send    -5.00 [-5.10, -4.90] " + std::string(24, '-'));
}

TEST(WaterfallChart, OfNoDifferenceIsMarksAlone) {
  const WaterfallEnd same{.label = "TCP, mean", .figure = "5.00", .ns = 5'000};
  const std::vector<WaterfallRow> step{
      {.label = "request  send", .change = "0.00", .interval = "", .before_ns = 5'000, .after_ns = 5'000}};
  EXPECT_THAT(waterfall_chart(same, step, same, {.width = 40, .glyphs = Glyphs::kAscii}, kPlain),
              ElementsAre("TCP, mean     5.00 |",     //
                          "request  send 0.00 |",     //
                          "TCP, mean     5.00 |",     //
                          "  bars: 5.00 to 5.00 us",  //
                          "  - saved  + added"));
}

TEST(WaterfallChart, ColoursWhatIsSavedAndWhatIsAdded) {
  const auto lines = waterfall_chart(kFrom, four_steps(), kTo, {.width = 40, .glyphs = Glyphs::kAscii}, Style(true));
  EXPECT_EQ(lines[1], "request  send    -5.00 \x1b[32m-----------------\x1b[0m");
  EXPECT_EQ(lines[2], "request  device  +2.00 \x1b[31m+++++++\x1b[0m");
  EXPECT_EQ(lines[4], "response deliver -1.01    ~~~~");
}

}  // namespace
}  // namespace sockscope

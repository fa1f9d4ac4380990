#include "report/grid.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

const Style kPlain(false);

TEST(Grid, AlignsNumbersAtTheDecimalPoint) {
  Grid grid(6, {{"us", 10}});
  grid.add_row("p50", {{"12.37"}});
  grid.add_row("p99", {{"123.4"}});
  grid.add_row("max", {{"1,234"}});
  EXPECT_EQ(grid.render(kPlain),
            "              us\n"
            "p50        12.37\n"
            "p99       123.4\n"
            "max     1,234\n");
}

TEST(Grid, AlignsOtherTextAtTheRight) {
  Grid grid(4, {{"end", 9}});
  grid.add_row("who", {{"client"}});
  grid.add_row("run", {{"48.2 %"}});
  EXPECT_EQ(grid.render(kPlain),
            "          end\n"
            "who    client\n"
            "run    48.2 %\n");
}

TEST(Grid, MarksStandBehindTheNumberWithoutMovingIt) {
  Grid grid(2, {{"n", 8}});
  grid.add_row("a", {{"4.00", true}});
  grid.add_row("b", {{"4.00", false}});
  EXPECT_EQ(grid.render(kPlain),
            "         n\n"
            "a    4.00!\n"
            "b    4.00\n");
}

TEST(Grid, AColumnGrowsWithItsTextsAndKeepsABlank) {
  Grid grid(2, {{"n", 3}, {"m", 3}});
  grid.add_row("a", {{"1,000,000"}, {"123456.75"}});
  EXPECT_EQ(grid.render(kPlain),
            "           n         m\n"
            "a  1,000,000 123456.75\n");
}

TEST(Grid, LabelsPushTheColumnsOfAllRows) {
  Grid grid(2, {{"n", 3}});
  grid.add_row("a long one", {{"1"}});
  grid.add_row("b", {{"2"}});
  EXPECT_EQ(grid.render(kPlain),
            "            n\n"
            "a long one  1\n"
            "b           2\n");
}

TEST(Grid, EmptyCellsLeaveNoBlanksBehind) {
  Grid grid(2, {{"n", 3}, {"m", 3}});
  grid.add_row("a", {{""}, {"2"}});
  grid.add_row("b", {{"1"}, {""}});
  grid.add_row("c", {});
  EXPECT_EQ(grid.render(kPlain),
            "    n  m\n"
            "a      2\n"
            "b   1\n"
            "c\n");
}

TEST(Grid, ColoursDoNotCountAsWidth) {
  Grid grid(2, {{"n", 8}});
  grid.add_row("a", {{"4.00", true}});
  EXPECT_EQ(grid.render(Style(true)), "         n\na    \x1b[33m4.00!\x1b[0m\n");
}

Grid three_columns() {
  Grid grid(8, {{"TCP", 8}, {"UDP", 8}, {"TCP / UDP", 14}});
  grid.add_row("p50", {{"6.25"}, {"4.94"}, {"1.27"}});
  grid.add_row("count", {{"100"}, {"100"}});
  return grid;
}

TEST(GridWithin, IsAsAlwaysWhereThereIsRoom) {
  const Grid grid = three_columns();
  EXPECT_EQ(grid.render_within(38, kPlain), grid.render(kPlain));
}

TEST(GridWithin, PutsColumnsCloserBeforeItPutsThemBelowEachOther) {
  EXPECT_EQ(three_columns().render_within(37, kPlain),
            "          TCP     UDP  TCP / UDP\n"
            "p50      6.25    4.94       1.27\n"
            "count  100     100\n");
  EXPECT_EQ(three_columns().render_within(32, kPlain), three_columns().render_within(37, kPlain));
}

TEST(GridWithin, PutsBelowEachOtherWhatDoesNotFitBesideEachOther) {
  EXPECT_EQ(three_columns().render_within(31, kPlain),
            "          TCP     UDP\n"
            "p50      6.25    4.94\n"
            "count  100     100\n"
            "       TCP / UDP\n"
            "p50         1.27\n");
}

TEST(GridWithin, ShortensLabelsRatherThanFigures) {
  Grid grid(4, {{"us", 4}});
  grid.add_row("a long label", {{"1,234"}});
  EXPECT_EQ(grid.render_within(14, kPlain),
            "            us\n"
            "a long.. 1,234\n");
}

TEST(GridWithin, KeepsJoinedColumnsTogetherIfItCan) {
  Grid grid(1, {{"TCP", 3}, {"mean", 3, false, true}, {"UDP", 3}, {"mean", 3, false, true}});
  grid.add_row("a", {{"1"}, {"2"}, {"3"}, {"4"}});
  // In all 1 + 4 + 5 + 4 + 5.
  EXPECT_EQ(grid.render_within(18, kPlain),
            "  TCP mean\n"
            "a   1    2\n"
            "  UDP mean\n"
            "a   3    4\n");
  EXPECT_EQ(grid.render_within(8, kPlain),
            "  TCP\n"
            "a   1\n"
            "  mean\n"
            "a    2\n"
            "  UDP\n"
            "a   3\n"
            "  mean\n"
            "a    4\n");
}

TEST(GridWithin, LeavesOutExtraColumnsBeforeItPutsOthersBelow) {
  Grid grid(3, {{"us", 8}, {.title = "like", .width = 8, .is_extra = true}});
  grid.add_row("p50", {{"6.25"}, {"▁▂█"}});
  EXPECT_EQ(grid.render_within(19, kPlain),
            "         us    like\n"
            "p50    6.25     ▁▂█\n");
  EXPECT_EQ(grid.render_within(15, kPlain),
            "       us  like\n"
            "p50  6.25   ▁▂█\n");
  EXPECT_TRUE(grid.has_room_for_extras(15));
  EXPECT_EQ(grid.render_within(14, kPlain),
            "         us\n"
            "p50    6.25\n");
  EXPECT_FALSE(grid.has_room_for_extras(14));
}

}  // namespace
}  // namespace sockscope

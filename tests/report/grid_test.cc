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

}  // namespace
}  // namespace sockscope

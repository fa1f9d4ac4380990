#include "parsers/tracepoint/print_fmt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace sockscope::tracepoint {
namespace {

using ::testing::ElementsAre;

std::vector<std::string_view> arguments_of(std::string_view text) {
  std::vector<std::string_view> arguments;
  while (const auto argument = take_argument(text)) arguments.push_back(*argument);
  return arguments;
}

TEST(PrintFmt, SplitsAtTheCommasBetweenArguments) {
  EXPECT_THAT(arguments_of(R"(REC->vec, { 0, "HI" },{ 1, "TIMER" } )"),
              ElementsAre("REC->vec", R"({ 0, "HI" })", R"({ 1, "TIMER" })"));
  EXPECT_THAT(arguments_of("f(a, b)[c, d], e"), ElementsAre("f(a, b)[c, d]", "e"));
  EXPECT_THAT(arguments_of(R"("a, \"b\", (c", d)"), ElementsAre(R"("a, \"b\", (c")", "d"));
  EXPECT_THAT(arguments_of(R"("a\", b", c)"), ElementsAre(R"("a\", b")", "c"));
}

TEST(PrintFmt, StopsWhereBracketsDoNotMatch) {
  EXPECT_THAT(arguments_of("a, (b, c"), ElementsAre("a"));
  EXPECT_THAT(arguments_of("a, b), c"), ElementsAre("a"));
  EXPECT_THAT(arguments_of(R"(a, "b, c)"), ElementsAre("a", R"("b, c)"));
  EXPECT_THAT(arguments_of(""), ElementsAre());
}

TEST(PrintFmt, FindsWhatBracketsHold) {
  EXPECT_EQ(inside_brackets("f(a, (b), \")\") + g(c)", 1), "a, (b), \")\"");
  EXPECT_EQ(inside_brackets("{ 1 }", 0), " 1 ");
  EXPECT_FALSE(inside_brackets("f(a", 1));
  EXPECT_FALSE(inside_brackets("f(a}", 1));
  EXPECT_FALSE(inside_brackets("fa", 1));
  EXPECT_FALSE(inside_brackets("f", 1));
}

TEST(PrintFmt, TellsAFieldFromOneThatBeginsLikeIt) {
  EXPECT_TRUE(mentions_field("REC->vec", "vec"));
  EXPECT_TRUE(mentions_field("(REC->vec & 1)", "vec"));
  EXPECT_TRUE(mentions_field("REC->vector + REC->vec", "vec"));
  EXPECT_FALSE(mentions_field("REC->vector", "vec"));
  EXPECT_FALSE(mentions_field("vec", "vec"));
}

}  // namespace
}  // namespace sockscope::tracepoint

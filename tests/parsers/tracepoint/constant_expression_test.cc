#include "parsers/tracepoint/constant_expression.h"

#include <gtest/gtest.h>

#include <string>

namespace sockscope::tracepoint {
namespace {

TEST(ConstantExpression, ReadsEveryKindOfLiteral) {
  EXPECT_EQ(evaluate_constant("0"), 0U);
  EXPECT_EQ(evaluate_constant("42"), 42U);
  EXPECT_EQ(evaluate_constant(" 0x1F "), 31U);
  EXPECT_EQ(evaluate_constant("017"), 15U);
  EXPECT_EQ(evaluate_constant("1UL"), 1U);
  EXPECT_EQ(evaluate_constant("0xffffffffffffffffULL"), ~0ULL);
}

TEST(ConstantExpression, BindsAsCDoes) {
  EXPECT_EQ(evaluate_constant("2 + 3 * 4"), 14U);
  EXPECT_EQ(evaluate_constant("(2 + 3) * 4"), 20U);
  EXPECT_EQ(evaluate_constant("1 << 2 + 1"), 8U);
  EXPECT_EQ(evaluate_constant("1 | 2 ^ 3 & 2"), 1U);
  EXPECT_EQ(evaluate_constant("10 - 3 - 2"), 5U);
  EXPECT_EQ(evaluate_constant("100 / 10 % 4"), 2U);
  EXPECT_EQ(evaluate_constant("~0 & 0xff"), 255U);
  EXPECT_EQ(evaluate_constant("-1"), ~0ULL);
  EXPECT_EQ(evaluate_constant("!5 + !0"), 1U);
}

TEST(ConstantExpression, ReadsTheKernelsStateMasks) {
  EXPECT_EQ(
      evaluate_constant("(((0x0000 | 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0020 | 0x0040) + 1) << 1) - 1"),
      0xffU);
  EXPECT_EQ(evaluate_constant("2048-1"), 0x7ffU);
}

TEST(ConstantExpression, PassesOverCasts) {
  EXPECT_EQ(evaluate_constant("(int) 1"), 1U);
  EXPECT_EQ(evaluate_constant("( unsigned long)(( gfp_t)((((1UL))) << (4)))"), 0x10U);
  EXPECT_EQ(evaluate_constant("(( gfp_t)0xcc0) & ~(( gfp_t)((((1UL))) << (6)))"), 0xc80U);
  EXPECT_EQ(evaluate_constant("(u32)~(u32)1 & 0xff"), 0xfeU);
}

TEST(ConstantExpression, SaysNothingOfAnythingElse) {
  for (const char* text :
       {"",       " ",     "TASK_RUNNING", "1 +",       "(1",         "1)",     "()",     "1 2",
        "REC->x", "1 / 0", "1 % 0",        "1 << 64",   "1 >> 64",    "1 && 2", "1 || 2", "1 < 2",
        "1 == 1", "0x",    "08",           "(void *)0", "(NAME) - 1", "(NAME)", "( ) 1",  "99999999999999999999",
        R"("1")", "1.5"}) {
    EXPECT_FALSE(evaluate_constant(text)) << text;
  }
}

TEST(ConstantExpression, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "7" + std::string(depth, ')'); };
  EXPECT_EQ(evaluate_constant(nested(60)), 7U);
  EXPECT_FALSE(evaluate_constant(nested(64)));
  EXPECT_FALSE(evaluate_constant(nested(1'000'000)));
  EXPECT_FALSE(evaluate_constant(std::string(1'000'000, '~')));
}

}  // namespace
}  // namespace sockscope::tracepoint

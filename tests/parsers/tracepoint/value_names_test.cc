#include "parsers/tracepoint/value_names.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/parsers/tracepoint/format_samples.h"

namespace sockscope::tracepoint {
namespace {

ValueNames names_in(std::string_view print_fmt, std::string_view field = "f") {
  Format format;
  format.print_fmt = print_fmt;
  return ValueNames::of(format, field);
}

std::string name(const ValueNames& names, std::uint64_t value) {
  std::string scratch;
  return names.empty() ? "(no names)" : std::string(names.name_of(value, scratch));
}

TEST(ValueNames, NameExactValues) {
  const auto names = names_in(R"("%s", __print_symbolic(REC->f, { 6, "SIX" }, { 2, "TWO" }, { 40, "FORTY" }))");
  EXPECT_EQ(name(names, 2), "TWO");
  EXPECT_EQ(name(names, 6), "SIX");
  EXPECT_EQ(name(names, 40), "FORTY");
  for (const std::uint64_t value : {0, 1, 3, 41}) EXPECT_EQ(name(names, value), "");
}

TEST(ValueNames, TakeTheFirstOfTwoNames) {
  const auto names = names_in(R"(__print_symbolic(REC->f, { 1, "A" }, { 0, "B" }, { 1, "C" }, { 2, "D" }))");
  EXPECT_EQ(name(names, 1), "A");
  EXPECT_EQ(name(names, 2), "D");
  EXPECT_EQ(name(names, 3), "");
}

TEST(ValueNames, NameNegativeValues) {
  EXPECT_EQ(name(names_in(R"(__print_symbolic(REC->f, { -1, "NONE" }, { 0, "ZERO" }))"), ~std::uint64_t{0}), "NONE");
}

TEST(ValueNames, JoinFlagsInTheOrderOfThePrintFmt) {
  const auto names = names_in(R"(__print_flags(REC->f, "|", { 0x6, "BOTH" }, { 0x2, "TWO" }, { 0x1, "ONE" }))");
  EXPECT_EQ(name(names, 0x2), "TWO");
  EXPECT_EQ(name(names, 0x7), "BOTH|ONE");
  EXPECT_EQ(name(names, 0x4), "");
  EXPECT_EQ(name(names, 0), "");
  EXPECT_EQ(name(names, 0x13), "TWO|ONE|0x10");
  EXPECT_EQ(name(names_in(R"(__print_flags(REC->f, "", { 1, "A" }, { 2, "B" }))"), 3), "AB");
}

TEST(ValueNames, UnderstandParenthesesCastsAndMasks) {
  EXPECT_EQ(name(names_in(R"(__print_symbolic((REC->f), { 1, "A" }))"), 1), "A");
  EXPECT_EQ(name(names_in(R"(__print_flags((unsigned long)REC->f, "|", { 1, "A" }))"), 1), "A");
  const auto masked = names_in(R"(__print_symbolic(REC->f & 0xffff, { 1, "A" }))");
  EXPECT_EQ(name(masked, 0x10001), "A");
  EXPECT_EQ(name(masked, 0x10000), "");
  EXPECT_EQ(name(names_in(R"(__print_flags(REC->f & ~0xff, "|", { 0x1, "A" }, { 0x100, "B" }))"), 0x101), "B");
}

TEST(ValueNames, LeaveOutWhatIsNotTheFieldItself) {
  for (const char* value : {"REC->f >> 8", "(REC->f >> 8) & 7", "1 << REC->f", "REC->ff", "REC->f & MASK", "2",
                            "REC->f ? REC->f : 0", "REC->f + REC->f", "(REC->f", ""}) {
    const std::string print_fmt = std::string("__print_symbolic(") + value + R"(, { 1, "A" }))";
    EXPECT_TRUE(names_in(print_fmt).empty()) << value;
  }
}

TEST(ValueNames, TakeTheFirstCallThatIsTheField) {
  const auto names = names_in(
      R"("%s %s %s", __print_symbolic(REC->f >> 1, { 1, "SHIFTED" }), __print_symbolic(REC->f, { ENUM, "NOT" }), )"
      R"(__print_symbolic(REC->f, { 1, "A" }), __print_symbolic(REC->f, { 1, "LATER" }))");
  EXPECT_EQ(name(names, 1), "A");
}

TEST(ValueNames, KnowTheVariantsFor64Bits) {
  EXPECT_EQ(name(names_in(R"(__print_symbolic64(REC->f, { 1, "A" }))"), 1), "A");
  EXPECT_EQ(name(names_in(R"(__print_flags_u64(REC->f, "|", { 1, "A" }))"), 1), "A");
  EXPECT_TRUE(names_in(R"(__print_hex(REC->f, { 1, "A" }))").empty());
}

TEST(ValueNames, EndAtABracketThatIsNotClosed) {
  EXPECT_TRUE(names_in(R"(__print_symbolic(REC->f, { 1, "A" })").empty());
}

TEST(ValueNames, NameTaskStatesAsTheKernelDoes) {
  const OneFormat sched_switch(sched_switch_6_18(), "sched");
  const auto names = ValueNames::of(sched_switch.format, "prev_state");
  EXPECT_EQ(name(names, 0), "R");
  EXPECT_EQ(name(names, 1), "S");
  EXPECT_EQ(name(names, 0x82), "D|I");
  EXPECT_EQ(name(names, 0x100), "R+");
  EXPECT_EQ(name(names, 0x101), "S+");
  EXPECT_EQ(name(names, 0x1000), "R");  // a bit that is no state: TASK_NEW and the like
  EXPECT_TRUE(ValueNames::of(sched_switch.format, "prev_pid").empty());
}

}  // namespace
}  // namespace sockscope::tracepoint

#include "parsers/tracepoint/symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sockscope::tracepoint {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

Symbols symbols_of(std::string_view print_fmt, std::string_view field) {
  Format format;
  format.print_fmt = print_fmt;
  return Symbols::of(format, field);
}

TEST(Symbols, NamesSoftirqs) {
  const Symbols symbols =
      symbols_of(R"("vec=%u [action=%s]", REC->vec, __print_symbolic(REC->vec, { 0, "HI" }, { 1, "TIMER" }, )"
                 R"({ 2, "NET_TX" }, { 3, "NET_RX" }))",
                 "vec");
  EXPECT_EQ(symbols.name_of(3), "NET_RX");
  EXPECT_EQ(symbols.name_of(0), "HI");
  EXPECT_EQ(symbols.name_of(4), "");
  EXPECT_EQ(symbols.entries().size(), 4U);
}

TEST(Symbols, TakesTheListOfTheFieldAskedFor) {
  constexpr std::string_view print_fmt =
      R"("%s %s", __print_symbolic(REC->family, { 2, "AF_INET" }), __print_symbolic(REC->protocol, { 6, "TCP" }))";
  EXPECT_EQ(symbols_of(print_fmt, "family").name_of(2), "AF_INET");
  EXPECT_EQ(symbols_of(print_fmt, "protocol").name_of(6), "TCP");
  EXPECT_TRUE(symbols_of(print_fmt, "proto").empty());
}

TEST(Symbols, SkipsTheSeparatorOfFlags) {
  const Symbols symbols = symbols_of(R"("%s", __print_flags(REC->flags, "|", { 0x01, "A" }, { 0x02, "B" }))", "flags");
  EXPECT_THAT(symbols.entries(), ElementsAre(Pair(1, "A"), Pair(2, "B")));
}

TEST(Symbols, TakesTheVariantsFor64Bits) {
  EXPECT_EQ(symbols_of(R"("%s", __print_flags_u64(REC->x, "|", { 1ULL << 40, "HIGH" }))", "x").name_of(1ULL << 40U),
            "HIGH");
}

TEST(Symbols, LeavesOutWhatOnlyTheKernelCanEvaluate) {
  const Symbols symbols = symbols_of(
      R"("%s", __print_symbolic(REC->state, { TCP_ESTABLISHED, "TCP_ESTABLISHED" }, { 2, "TCP_SYN_SENT" }))", "state");
  EXPECT_THAT(symbols.entries(), ElementsAre(Pair(2, "TCP_SYN_SENT")));
}

TEST(Symbols, OfTwoNamesTheFirstCounts) {
  EXPECT_EQ(symbols_of(R"(__print_symbolic(REC->x, { 1, "FIRST" }, { 1, "SECOND" }))", "x").name_of(1), "FIRST");
}

TEST(Symbols, BrokenListsAreEmptyOrShort) {
  for (const char* print_fmt :
       {"", "__print_symbolic", "__print_symbolic(", "__print_symbolic(REC->x", "__print_symbolic(REC->x)",
        R"(__print_symbolic(REC->x, { 1, "A" })", "__print_symbolic(REC->x, { 1 })", "__print_symbolic(REC->x, 1)",
        "__print_symbolic(REC->x, { 1, A })", R"(__print_symbolic(REC->x, { 1, "A }))", R"(__print_flags(REC->x, "|"))",
        "__print_flags(REC->x, { , })"}) {
    EXPECT_TRUE(symbols_of(print_fmt, "x").empty()) << print_fmt;
  }
}

}  // namespace
}  // namespace sockscope::tracepoint

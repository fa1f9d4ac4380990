#include "parsers/tracepoint/format_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/parsers/tracepoint/format_samples.h"

namespace sockscope::tracepoint {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kField = "\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n";

std::string why_not(const std::string& text) {
  const auto checked = check_format_text(text);
  return checked ? "passes" : checked.error().message;
}

std::string why_not_field(std::string_view line) { return why_not(format_text("event", 1, std::string(line) + "\n")); }

TEST(FormatText, TakesWhatTheKernelWrites) {
  const std::string text = sched_switch_6_18();
  const auto checked = check_format_text(text);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->name, "sched_switch");
  EXPECT_EQ(checked->id, 372);
  EXPECT_THAT(std::string(checked->print_fmt), testing::StartsWith(R"("prev_comm=%s)"));
  EXPECT_THAT(std::string(checked->print_fmt), EndsWith("REC->next_prio"));
}

TEST(FormatText, KeepsThePrintFmtAwayFromTheLibrary) {
  const std::string text = format_text("event", 1, kField, R"("%d", 1 / 0)");
  const auto checked = check_format_text(text);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->print_fmt, R"("%d", 1 / 0)");
  EXPECT_THAT(checked->sanitized, EndsWith("\nprint fmt: \"\"\n"));
  EXPECT_THAT(checked->sanitized, Not(HasSubstr("1 / 0")));
}

TEST(FormatText, TakesEveryKindOfDeclaration) {
  for (const std::string_view declaration :
       {"unsigned long args[6]", "char comm[TASK_COMM_LEN]", "__data_loc char[] name", "__rel_loc char[] name",
        "const struct sk_buff * skb", "struct page *page", "__data_loc cpumask_t mask",
        "u8 saddr[sizeof(struct sockaddr_in6)]", "enum skb_drop_reason reason"}) {
    EXPECT_EQ(why_not_field(fmt::format("\tfield:{};\toffset:8;\tsize:4;\tsigned:1;", declaration)), "passes")
        << declaration;
  }
}

TEST(FormatText, RefusesADeclarationWithoutTypeOrName) {
  const auto field_with = [](std::string_view declaration) {
    return why_not_field(fmt::format("\tfield:{};\toffset:8;\tsize:4;\tsigned:1;", declaration));
  };
  ASSERT_EQ(field_with("int x"), "passes");
  // libtraceevent 1.7.1 leaks memory on the first six of these.
  for (const std::string_view declaration :
       {"int", "int[4]", "char[] y", "char[4] x y", "__data_loc", "int (x)", "x", "", " ", "* x", "5 x", "int 5",
        "__data_loc char[]", "__data_loc char[] x[3]", "int x[4] y", "int x[]]", "int x, y", "int x()", "[4] x"}) {
    EXPECT_THAT(field_with(declaration), HasSubstr("field line 5")) << declaration;
  }
}

TEST(FormatText, RefusesTheMacrosThatLibtraceeventLosesMemoryOver) {
  for (const std::string_view macro : {"LOCAL_PR_FMT", "STA_PR_FMT", "VIF_PR_FMT"}) {
    for (const std::string_view declaration : {"char {}", "__data_loc {}[] x", "char x[{}]"}) {
      const std::string line =
          fmt::format("\tfield:{};\toffset:8;\tsize:4;\tsigned:1;", fmt::format(fmt::runtime(declaration), macro));
      EXPECT_THAT(why_not_field(line), HasSubstr("field line 5")) << line;
    }
    EXPECT_THAT(why_not(format_text(macro, 1, kField)), HasSubstr("first line"));
  }
}

TEST(FormatText, RefusesAnyOtherLine) {
  ASSERT_EQ(why_not_field("\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;"), "passes");
  for (const std::string_view line : {
           "field:int x;\toffset:8;\tsize:4;\tsigned:1;",         // no tab
           "\tfield: ;\toffset:8;\tsize:4;\tsigned:1;\tmore:1;",  // something behind
           "\tfield:int x;\toffset:-8;\tsize:4;\tsigned:1;",      // no such offset
           "\tfield:int x;\toffset:70000;\tsize:4;\tsigned:1;",   // larger than any record
           "\tfield:int x;\toffset:8;\tsize:99999999999;\tsigned:1;",
           "\tfield:int x;\toffset:8;\tsize:4;\tsigned:2;",
           "\tfield:int x;\toffset:8;\tsize:4;",
           "\tfield:int x;\toffset:;\tsize:4;\tsigned:1;",
           "\tfield:int x[[4];\toffset:8;\tsize:4;\tsigned:1;",  // libtraceevent loops or crashes on these
           "\tfield:int x]4[;\toffset:8;\tsize:4;\tsigned:1;",
           "\tfield:int x[4;\toffset:8;\tsize:4;\tsigned:1;",
           "\tfield:int \"x\";\toffset:8;\tsize:4;\tsigned:1;",
           "\tfield:int x{};\toffset:8;\tsize:4;\tsigned:1;",
           "\tfield:;\toffset:8;\tsize:4;\tsigned:1;",
       }) {
    EXPECT_THAT(why_not_field(line), HasSubstr("field line 5")) << line;
  }
}

TEST(FormatText, RefusesAnyOtherHead) {
  const std::string good = format_text("event", 1, kField);
  ASSERT_EQ(why_not(good), "passes");
  EXPECT_THAT(why_not(""), HasSubstr("first line"));
  EXPECT_THAT(why_not("nome: event\n"), HasSubstr("first line"));
  EXPECT_THAT(why_not(format_text("e vent", 1, kField)), HasSubstr("first line"));
  EXPECT_THAT(why_not(format_text("", 1, kField)), HasSubstr("first line"));
  EXPECT_THAT(why_not(format_text(std::string(256, 'x'), 1, kField)), HasSubstr("first line"));
  EXPECT_THAT(why_not(format_text("event", 65536, kField)), HasSubstr("second line"));
  EXPECT_THAT(why_not(format_text("event", -1, kField)), HasSubstr("second line"));
  EXPECT_THAT(why_not("name: event\nID: 1\nformats:\n"), HasSubstr("third line"));
}

TEST(FormatText, RefusesWhatEndsEarly) {
  const std::string good = format_text("event", 1, kField);
  const std::size_t print_fmt = good.find("print fmt: ") + std::string_view("print fmt: ").size();
  for (std::size_t size = 0; size < print_fmt; ++size) EXPECT_NE(why_not(good.substr(0, size)), "passes") << size;
  EXPECT_EQ(why_not(good.substr(0, print_fmt)), "passes");
}

TEST(FormatText, RefusesWhatLacksTheCommonFields) {
  EXPECT_THAT(why_not("name: event\nID: 1\nformat:\n" + std::string(kField) + "\nprint fmt: \"\"\n"),
              HasSubstr("1 fields"));
}

TEST(FormatText, RefusesAPrintFmtLongerThanAnyKernels) {
  EXPECT_EQ(why_not(format_text("event", 1, kField, std::string(65536, '('))), "passes");
  EXPECT_THAT(why_not(format_text("event", 1, kField, std::string(65537, '('))), HasSubstr("65537 bytes"));
}

}  // namespace
}  // namespace sockscope::tracepoint

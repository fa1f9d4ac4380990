#include "report/events/escaping.h"

#include <gtest/gtest.h>

#include <string>

namespace sockscope {
namespace {

std::string json(std::string_view text) {
  TextBuffer out;
  put_json_text(text, out, 0);
  return std::string(out.text());
}

std::string value(std::string_view text) {
  TextBuffer out;
  put_value_text(text, out, 0);
  return std::string(out.text());
}

std::string bare(std::string_view text) {
  TextBuffer out;
  put_bare_text(text, out, 0);
  return std::string(out.text());
}

std::string csv(std::string_view before, std::string_view field) {
  TextBuffer out;
  out.reserve(before.size() + field.size());
  out.put(before);
  out.put(field);
  quote_csv(out, before.size());
  return std::string(out.text());
}

TEST(Escaping, LetsValidUtf8Pass) {
  for (const char* text : {"\xc2\xa0", "\xc3\xbc", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "a\xe2\x82\xac"
                           "b"}) {
    EXPECT_EQ(json(text), text);
    EXPECT_EQ(value(text), text);
    EXPECT_EQ(bare(text), text);
  }
}

TEST(Escaping, WritesEachByteThatIsNotUtf8InHex) {
  EXPECT_EQ(json("\x80"), R"(\u0080)");  // continues nothing
  EXPECT_EQ(json("\xc3"), R"(\u00c3)");  // ends too soon
  EXPECT_EQ(json("\xc3("), R"(\u00c3()");
  EXPECT_EQ(json("\xc0\xaf"), R"(\u00c0\u00af)");  // longer than need be
  EXPECT_EQ(json("\xe0\x9f\xbf"), R"(\u00e0\u009f\u00bf)");
  EXPECT_EQ(json("\xf0\x8f\xbf\xbf"), R"(\u00f0\u008f\u00bf\u00bf)");
  EXPECT_EQ(json("\xed\xa0\x80"), R"(\u00ed\u00a0\u0080)");            // half of a UTF-16 pair
  EXPECT_EQ(json("\xf4\x90\x80\x80"), R"(\u00f4\u0090\u0080\u0080)");  // above U+10FFFF
  EXPECT_EQ(json("\xff\xfe"), R"(\u00ff\u00fe)");
  EXPECT_EQ(value("a\x80"), R"("a\x80")");
  EXPECT_EQ(bare("a\x80 b"), R"(a\x80 b)");
}

TEST(Escaping, LetsNoControlCharacterThrough) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    const bool is_control = byte < 0x20 || byte >= 0x7f;
    for (const std::string& written : {json(text), value(text), bare(text)}) {
      EXPECT_EQ(
          written == text || written == "\\" + text || written == "\"" + text + "\"" || written == "\"\\" + text + "\"",
          !is_control)
          << byte << ' ' << written;
      for (const char c : written) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << byte;
    }
  }
  // What a terminal takes for the C1 control characters.
  EXPECT_EQ(json("\xc2\x80\xc2\x9f"), R"(\u00c2\u0080\u00c2\u009f)");
  EXPECT_EQ(value("\xc2\x9b"), R"("\xc2\x9b")");
}

TEST(Escaping, QuotesAValueOnlyIfItMust) {
  EXPECT_EQ(value(""), "");
  EXPECT_EQ(value("a/b:c,(d)\\'"), "a/b:c,(d)\\'");
  EXPECT_EQ(value("a b\\"), R"("a b\\")");
  EXPECT_EQ(value("a=b"), R"("a=b")");
  EXPECT_EQ(value("\""), R"("\"")");
  EXPECT_EQ(value("\xc3\xbc b"), "\"\xc3\xbc b\"");
}

TEST(Escaping, QuotesAFieldOfCsvOnlyIfItMust) {
  EXPECT_EQ(csv("", ""), "");
  EXPECT_EQ(csv("x,", "a b"), "x,a b");
  EXPECT_EQ(csv("x,", "a,b"), R"(x,"a,b")");
  EXPECT_EQ(csv("\",", "\"a\""), R"(","""a""")");
}

}  // namespace
}  // namespace sockscope

#include "harness/terminal.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

constexpr bool kIsFile = true;

int width_for(const std::string& columns) {
  return screen_for({.columns = columns, .no_color = {}, .locale = {}}, kIsFile).width;
}

TEST(ScreenFor, IsAsWideAsColumnsSays) {
  EXPECT_EQ(width_for("132"), 132);
  EXPECT_EQ(width_for("1"), 1);
}

TEST(ScreenFor, IsEightyColumnsWhereNobodySays) {
  EXPECT_EQ(screen_for({}, kIsFile).width, 80);
  for (const char* const no_width : {"", "0", "-5", "wide", "80x24", " 90", "99999999999", "10001"}) {
    EXPECT_EQ(width_for(no_width), 80) << no_width;
  }
}

TEST(ScreenFor, HasUnicodeInAUtf8Locale) {
  EXPECT_EQ(screen_for({.columns = {}, .no_color = {}, .locale = "C.UTF-8"}, kIsFile).glyphs, Glyphs::kUnicode);
  EXPECT_EQ(screen_for({.columns = {}, .no_color = {}, .locale = "C"}, kIsFile).glyphs, Glyphs::kAscii);
  EXPECT_EQ(screen_for({}, kIsFile).glyphs, Glyphs::kAscii);
}

TEST(IsUtf8, GoesByTheNameOfALocaleThatIsNotInstalled) {
  EXPECT_TRUE(is_utf8("tlh_KX.UTF-8"));
  EXPECT_TRUE(is_utf8("tlh_KX.utf8"));
  EXPECT_FALSE(is_utf8("tlh_KX.ISO-8859-1"));
  EXPECT_FALSE(is_utf8("tlh_KX"));
  EXPECT_FALSE(is_utf8("POSIX"));
  EXPECT_FALSE(is_utf8(""));
}

TEST(WantsColour, NotWhereStdoutIsNoTerminal) {
  testing::internal::CaptureStdout();  // into a file
  const bool wanted = wants_colour({});
  testing::internal::GetCapturedStdout();
  EXPECT_FALSE(wanted);
}

}  // namespace
}  // namespace sockscope

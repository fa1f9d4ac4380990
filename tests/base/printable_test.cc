#include "base/printable.h"

#include <gtest/gtest.h>

#include <string_view>

namespace sockscope {
namespace {

TEST(Printable, LeavesPlainAsciiAlone) {
  EXPECT_EQ(printable("kworker/0:1 ~ \"x\" \\n"), "kworker/0:1 ~ \"x\" \\n");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, DisarmsWhatSteersATerminal) {
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  EXPECT_EQ(printable("a\tb\nc\rd\x07"), "a\\x09b\\x0ac\\x0dd\\x07");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\x9b"), "\\x9b") << "one byte that is an escape sequence on its own";
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "the same as UTF-8";
  EXPECT_EQ(printable("\xe2\x80\x8b"), "\\xe2\\x80\\x8b") << "a space of no width";
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Printable, NothingButPrintableAsciiComesOut) {
  for (int byte = 0; byte < 256; ++byte) {
    const char character = static_cast<char>(byte);
    for (const char out : printable(std::string_view(&character, 1))) {
      EXPECT_TRUE(out >= ' ' && out <= '~') << byte;
    }
  }
}

}  // namespace
}  // namespace sockscope

#include "parsers/ring_buffer/page_layout.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/parsers/ring_buffer/pages.h"

namespace sockscope::ring_buffer {
namespace {

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kHeaderPage);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(PageLayout, IsWhatTheKernelSays) {
  const auto layout = PageLayout::parse(kHeaderPage);
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->timestamp_at, 0U);
  EXPECT_EQ(layout->commit_at, 8U);
  EXPECT_EQ(layout->commit_size, 8U);
  EXPECT_EQ(layout->data_at, 16U);
  EXPECT_EQ(layout->data_size, 4080U);
  EXPECT_EQ(layout->page_size(), 4096U);
}

// A 32-bit kernel's, and pages of 64 KiB.
TEST(PageLayout, DiffersFromMachineToMachine) {
  const auto layout = PageLayout::parse(
      "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
      "\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n"
      "\tfield: char data;\toffset:12;\tsize:65524;\tsigned:1;\n");
  ASSERT_TRUE(layout) << layout.error().message;
  EXPECT_EQ(layout->commit_size, 4U);
  EXPECT_EQ(layout->data_at, 12U);
  EXPECT_EQ(layout->page_size(), 65536U);
}

TEST(PageLayout, NeedsItsFields) {
  for (const char* const name : {" timestamp;", " commit;", " data;"}) {
    const auto layout = PageLayout::parse(replaced(name, " other;"));
    ASSERT_FALSE(layout) << name;
    EXPECT_EQ(layout.error().message, "events/header_page lacks one of its fields");
  }
  EXPECT_FALSE(PageLayout::parse(""));
  EXPECT_FALSE(PageLayout::parse(replaced("offset:16", "offset:x")));
}

TEST(PageLayout, RefusesWhatIsNoPage) {
  for (const auto& [from, to] :
       {std::pair{"size:4080", "size:4"}, std::pair{"size:4080", "size:4294967296"}, std::pair{"offset:16", "offset:8"},
        std::pair{"offset:16", "offset:99999999999"}, std::pair{"offset:0;\tsize:8", "offset:0;\tsize:4"},
        std::pair{"offset:8;\tsize:8", "offset:8;\tsize:2"},
        // Its end is 7 in 64 bits.
        std::pair{"offset:8;\tsize:8", "offset:18446744073709551615;\tsize:8"}}) {
    const auto layout = PageLayout::parse(replaced(from, to));
    ASSERT_FALSE(layout) << to;
    EXPECT_EQ(layout.error().message, "events/header_page describes no ring buffer page") << to;
  }
}

}  // namespace
}  // namespace sockscope::ring_buffer

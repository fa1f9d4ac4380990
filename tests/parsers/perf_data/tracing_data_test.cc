#include "parsers/perf_data/tracing_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/byte_writer.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;
using test_support::tracing_data_bytes;
using ::testing::HasSubstr;

TEST(TracingData, ListsTheFormatsUnderTheirSystems) {
  const std::string section = tracing_data_bytes({{"sched", "name: sched_switch\n"}, {"net", "name: netif_rx\n"}});
  const auto data = parse_tracing_data(bytes_of(section));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->byte_order, ByteOrder::kNative);
  EXPECT_EQ(data->long_size, 8);
  EXPECT_EQ(data->page_size, 4096U);
  ASSERT_EQ(data->formats.size(), 2U);
  EXPECT_EQ(data->formats[0].system, "sched");
  EXPECT_EQ(data->formats[0].text, "name: sched_switch\n");
  EXPECT_EQ(data->formats[1].system, "net");
  EXPECT_EQ(data->formats[1].text, "name: netif_rx\n");
}

// The systems come in the order of their names.
TEST(TracingData, IsWrittenAsPerfWritesIt) {
  const std::string section = tracing_data_bytes({{"net", "name: netif_rx\n"}, {"sched", "name: sched_switch\n"}});
  const auto data = parse_tracing_data(bytes_of(section));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(write_tracing_data(*data, "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n",
                               "# compressed entry header\n"),
            section);
}

TEST(TracingData, HasEachSystemOnce) {
  const TracingData two{
      .long_size = 4, .page_size = 65536, .formats = {{"sched", "one"}, {"ftrace", "two"}, {"sched", "three"}}};
  const std::string section = write_tracing_data(two, "", "");
  const auto data = parse_tracing_data(bytes_of(section));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->long_size, 4);
  EXPECT_EQ(data->page_size, 65536U);
  ASSERT_EQ(data->formats.size(), 3U);
  EXPECT_EQ(data->formats[0].system, "ftrace");
  EXPECT_EQ(data->formats[1].text, "one");
  EXPECT_EQ(data->formats[2].text, "three");
}

TEST(TracingData, TextsAreViewsIntoTheSection) {
  const std::string section = tracing_data_bytes({{"sched", "name: sched_switch\n"}});
  const auto data = parse_tracing_data(bytes_of(section));
  ASSERT_TRUE(data);
  EXPECT_GE(data->formats[0].text.data(), section.data());
  EXPECT_LT(data->formats[0].text.data(), section.data() + section.size());
}

TEST(TracingData, ReadsOldAnd32BitAndForeignRecorders) {
  const std::string section =
      tracing_data_bytes({{"sched", "x"}}, {.version = "0.5", .long_size = 4, .order = ByteOrder::kSwapped});
  const auto data = parse_tracing_data(bytes_of(section));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(data->byte_order, ByteOrder::kSwapped);
  EXPECT_EQ(data->long_size, 4);
  EXPECT_EQ(data->page_size, 4096U);
  ASSERT_EQ(data->formats.size(), 1U);
  EXPECT_EQ(data->formats[0].text, "x");
}

TEST(TracingData, EveryTruncationBeforeTheEndOfTheFormatsIsAnError) {
  constexpr std::size_t after_formats = 4 + 4 + 8;  // kallsyms, printk formats, command lines
  const std::string section = tracing_data_bytes({{"sched", "name: a\n"}, {"net", "name: b\n"}});
  ASSERT_TRUE(parse_tracing_data(bytes_of(section)));
  for (std::size_t size = 0; size < section.size() - after_formats; ++size) {
    EXPECT_FALSE(parse_tracing_data(bytes_of(std::string_view(section).substr(0, size)))) << size;
  }
  EXPECT_TRUE(parse_tracing_data(bytes_of(std::string_view(section).substr(0, section.size() - after_formats))));
}

std::string up_to_systems() {
  std::string section = tracing_data_bytes({});
  section.resize(section.size() - 4 - 4 - 4 - 8);
  return section;
}

TEST(TracingData, CountsAndSizesOfTheFileAreNotBelieved) {
  const auto parse = [](const ByteWriter& rest) { return parse_tracing_data(bytes_of(up_to_systems() + rest.str())); };
  ASSERT_TRUE(parse(ByteWriter().u32(1).c_string("net").u32(1).u64(4).text("text")));
  EXPECT_FALSE(parse(ByteWriter().u32(0xffffffff).c_string("net").u32(0)));
  EXPECT_FALSE(parse(ByteWriter().u32(1).c_string("net").u32(0xffffffff).u64(4).text("text")));
  EXPECT_FALSE(parse(ByteWriter().u32(1).c_string("net").u32(1).u64(5).text("text")));
  EXPECT_FALSE(parse(ByteWriter().u32(1).c_string("net").u32(1).u64(~0ULL).text("text")));
  EXPECT_FALSE(parse(ByteWriter().u32(1).text("net without end")));
}

TEST(TracingData, SaysWhatIsWrong) {
  EXPECT_THAT(parse_tracing_data(bytes_of("no magic at all")).error().message, HasSubstr("magic"));
  const std::string section = tracing_data_bytes({{"sched", "text"}});
  const auto cut = parse_tracing_data(bytes_of(std::string_view(section).substr(0, 60)));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::kInput);
  EXPECT_THAT(cut.error().message, HasSubstr("header_page"));
}

}  // namespace
}  // namespace sockscope::perf_data

#include "parsers/perf_data/file_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/support/byte_writer.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;
using ::testing::HasSubstr;

ByteWriter file_header(std::uint64_t size) {
  ByteWriter out;
  out.text("PERFILE2").u64(size).u64(144).u64(120).u64(288).u64(408).u64(1000).u64(0).u64(0);
  return out;
}

TEST(FileHeader, ReadsTheSectionsOfTheFileForm) {
  const std::string bytes = file_header(104).u64(1U << 12U | 1U << 1U).u64(1).u64(0).u64(0).str();
  const auto header = parse_file_header(bytes_of(bytes));
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->form, Form::kFile);
  EXPECT_EQ(header->attr_size, 144U);
  EXPECT_EQ(header->attrs.offset, 120U);
  EXPECT_EQ(header->attrs.size, 288U);
  EXPECT_EQ(header->data.offset, 408U);
  EXPECT_EQ(header->data.size, 1000U);
  EXPECT_TRUE(header->has_feature(1));
  EXPECT_TRUE(header->has_feature(12));
  EXPECT_TRUE(header->has_feature(64));
  EXPECT_FALSE(header->has_feature(2));
  EXPECT_FALSE(header->has_feature(255));
}

TEST(FileHeader, TakesAnOldHeaderWithoutFeatures) {
  const auto header = parse_file_header(bytes_of(file_header(72).str()));
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->data.size, 1000U);
  EXPECT_FALSE(header->has_feature(1));
}

TEST(FileHeader, SixteenBytesMeanThePipeForm) {
  const auto header = parse_file_header(bytes_of(ByteWriter().text("PERFILE2").u64(16).str()));
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->form, Form::kPipe);
}

TEST(FileHeader, EveryTruncationIsAnError) {
  const std::string whole = file_header(104).zeros(32).str();
  ASSERT_TRUE(parse_file_header(bytes_of(whole)));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(parse_file_header(bytes_of(std::string_view(whole).substr(0, size)))) << size;
  }
}

TEST(FileHeader, NamesWhatItCannotRead) {
  const auto message = [](const std::string& bytes) {
    const auto header = parse_file_header(bytes_of(bytes));
    return header ? std::string("read it") : header.error().message;
  };
  EXPECT_THAT(message("#!/bin/sh\necho hello\n"), HasSubstr("not a perf.data file"));
  EXPECT_THAT(message(ByteWriter().text("2ELIFREP").zeros(96).str()), HasSubstr("header of 0 bytes"));
  EXPECT_THAT(message(ByteWriter().text("PERFFILE").zeros(96).str()), HasSubstr("version 1"));
  EXPECT_THAT(message(file_header(20).zeros(32).str()), HasSubstr("header of 20 bytes"));
}

TEST(FindSection, RefusesWhatIsNotAllThere) {
  const std::string file(100, 'x');
  Bytes found;
  ASSERT_TRUE(find_section(bytes_of(file), {.offset = 90, .size = 10}, found));
  EXPECT_EQ(found.size(), 10U);
  EXPECT_TRUE(find_section(bytes_of(file), {.offset = 100, .size = 0}, found));
  EXPECT_FALSE(find_section(bytes_of(file), {.offset = 90, .size = 11}, found));
  EXPECT_FALSE(find_section(bytes_of(file), {.offset = 101, .size = 0}, found));
  EXPECT_FALSE(find_section(bytes_of(file), {.offset = 90, .size = std::numeric_limits<std::uint64_t>::max()}, found));
}

}  // namespace
}  // namespace sockscope::perf_data

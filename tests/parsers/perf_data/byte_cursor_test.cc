#include "parsers/perf_data/byte_cursor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/support/byte_writer.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;

TEST(ByteCursor, ReadsNumbersOneAfterTheOther) {
  const ByteWriter input = ByteWriter().u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0f);
  ByteCursor cursor(bytes_of(input.str()));
  std::uint8_t one = 0;
  std::uint16_t two = 0;
  std::uint32_t four = 0;
  std::uint64_t eight = 0;
  ASSERT_TRUE(cursor.read(one) && cursor.read(two) && cursor.read(four) && cursor.read(eight));
  EXPECT_EQ(one, 1);
  EXPECT_EQ(two, 0x0203);
  EXPECT_EQ(four, 0x04050607U);
  EXPECT_EQ(eight, 0x08090a0b0c0d0e0fU);
  EXPECT_EQ(cursor.position(), 15U);
  EXPECT_EQ(cursor.remaining(), 0U);
}

TEST(ByteCursor, ReadsTheOtherByteOrder) {
  const ByteWriter input = ByteWriter(ByteOrder::kSwapped).u16(0x0203).u32(0x04050607);
  ByteCursor cursor(bytes_of(input.str()), ByteOrder::kSwapped);
  std::uint16_t two = 0;
  std::uint32_t four = 0;
  ASSERT_TRUE(cursor.read(two) && cursor.read(four));
  EXPECT_EQ(two, 0x0203);
  EXPECT_EQ(four, 0x04050607U);
}

TEST(ByteCursor, AReadThatDoesNotFitMovesNothing) {
  const ByteWriter input = ByteWriter().u32(7);
  ByteCursor cursor(bytes_of(input.str()));
  std::uint64_t eight = 99;
  Bytes bytes;
  EXPECT_FALSE(cursor.read(eight));
  EXPECT_FALSE(cursor.read_bytes(5, bytes));
  EXPECT_FALSE(cursor.skip(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_EQ(eight, 99U);
  EXPECT_EQ(cursor.position(), 0U);
  std::uint32_t four = 0;
  EXPECT_TRUE(cursor.read(four));
  EXPECT_EQ(four, 7U);
}

TEST(ByteCursor, FitsCountsWholeElementsWithoutOverflow) {
  const ByteWriter input = ByteWriter().zeros(17);
  const ByteCursor cursor(bytes_of(input.str()));
  EXPECT_TRUE(cursor.fits(2, 8));
  EXPECT_FALSE(cursor.fits(3, 8));
  EXPECT_FALSE(cursor.fits(std::numeric_limits<std::uint64_t>::max() / 8 + 2, 8));
}

TEST(ByteCursor, ReadsACStringOnlyIfItEnds) {
  const ByteWriter input = ByteWriter().c_string("sched").text("net");
  ByteCursor cursor(bytes_of(input.str()));
  std::string_view text;
  ASSERT_TRUE(cursor.read_c_string(text));
  EXPECT_EQ(text, "sched");
  EXPECT_FALSE(cursor.read_c_string(text));
  EXPECT_EQ(text, "sched");
  EXPECT_EQ(cursor.remaining(), 3U);
}

TEST(ByteCursor, ReadsAHeaderStringUpToItsPadding) {
  const ByteWriter input = ByteWriter().header_string("6.18.44").u32(5);
  ByteCursor cursor(bytes_of(input.str()));
  std::string_view text;
  ASSERT_TRUE(cursor.read_header_string(text));
  EXPECT_EQ(text, "6.18.44");
  EXPECT_EQ(cursor.position(), 68U);
  EXPECT_FALSE(cursor.read_header_string(text)) << "5 bytes promised, none there";
  EXPECT_EQ(cursor.position(), 68U);
}

}  // namespace
}  // namespace sockscope::perf_data

#include "parsers/perf_data/record_walker.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/perf_records.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;
using test_support::record_bytes;
using test_support::record_with_size;

struct Walk {
  std::vector<RawRecord> records;
  bool broken = false;
};

Walk walk(std::string_view region) {
  Walk result;
  RecordWalker walker(bytes_of(region));
  for (RawRecord raw; walker.next(raw);) result.records.push_back(raw);
  result.broken = walker.broken();
  return result;
}

TEST(RecordWalker, StepsFromHeaderToHeader) {
  const std::string region = record_bytes(9, "12345678", 1) + record_bytes(68, "") + record_bytes(3, "abcdefgh");
  const Walk result = walk(region);
  ASSERT_EQ(result.records.size(), 3U);
  EXPECT_EQ(result.records[0].type, 9U);
  EXPECT_EQ(result.records[0].misc, 1U);
  EXPECT_EQ(as_text(result.records[0].body), "12345678");
  EXPECT_EQ(result.records[1].type, 68U);
  EXPECT_TRUE(result.records[1].body.empty());
  EXPECT_EQ(as_text(result.records[2].body), "abcdefgh");
  EXPECT_FALSE(result.broken);
}

TEST(RecordWalker, AnEmptyRegionIsNotBroken) {
  EXPECT_TRUE(walk("").records.empty());
  EXPECT_FALSE(walk("").broken);
}

TEST(RecordWalker, KeepsWhatPrecedesATruncation) {
  const std::string region = record_bytes(9, "12345678") + record_bytes(9, "abcdefgh");
  ASSERT_FALSE(walk(region).broken);
  for (std::size_t size = 17; size < region.size(); ++size) {
    const Walk result = walk(std::string_view(region).substr(0, size));
    EXPECT_EQ(result.records.size(), 1U) << size;
    EXPECT_TRUE(result.broken) << size;
  }
}

TEST(RecordWalker, StopsAtASizeThatNoRecordHas) {
  for (std::uint16_t size = 0; size < 8; ++size) {
    const std::string region = record_bytes(9, "12345678") + record_with_size(9, "", size) + record_bytes(68, "");
    const Walk result = walk(region);
    EXPECT_EQ(result.records.size(), 1U) << size;
    EXPECT_TRUE(result.broken) << size;
  }
}

TEST(RecordWalker, FollowsTracingDataOutOfLine) {
  const std::string tracing = record_bytes(66, ByteWriter().u32(5).u32(0).str()) + "texts";
  const std::string region = tracing + record_bytes(68, "");
  const Walk result = walk(region);
  ASSERT_EQ(result.records.size(), 2U);
  EXPECT_EQ(as_text(result.records[0].out_of_line), "texts");
  EXPECT_EQ(result.records[0].whole.size(), tracing.size());
  EXPECT_EQ(result.records[1].type, 68U);
  EXPECT_TRUE(result.records[1].out_of_line.empty());
}

TEST(RecordWalker, FollowsAuxtraceOutOfLine) {
  const std::string region = record_bytes(71, ByteWriter().u64(6).zeros(32).str()) + "trace!" + record_bytes(68, "");
  const Walk result = walk(region);
  ASSERT_EQ(result.records.size(), 2U);
  EXPECT_EQ(as_text(result.records[0].out_of_line), "trace!");
}

TEST(RecordWalker, OutOfLineBytesThatAreNotThereBreakIt) {
  const auto tracing = [](std::uint32_t size) {
    return record_bytes(66, ByteWriter().u32(size).u32(0).str()) + "texts";
  };
  ASSERT_EQ(walk(tracing(5)).records.size(), 1U);
  EXPECT_TRUE(walk(tracing(6)).records.empty());
  EXPECT_TRUE(walk(tracing(6)).broken);
  EXPECT_TRUE(walk(tracing(0xffffffff)).broken);
  EXPECT_TRUE(walk(record_bytes(66, "12")).broken) << "no room for the size";
  EXPECT_TRUE(walk(record_bytes(71, ByteWriter().u64(~0ULL).str())).broken);
}

}  // namespace
}  // namespace sockscope::perf_data

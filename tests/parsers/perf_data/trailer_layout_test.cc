#include "parsers/perf_data/trailer_layout.h"

#include <gtest/gtest.h>

#include <string>

#include "parsers/perf_data/abi.h"
#include "tests/support/byte_writer.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;

constexpr std::uint64_t kAll = sample_bit::kTid | sample_bit::kTime | sample_bit::kId | sample_bit::kStreamId |
                               sample_bit::kCpu | sample_bit::kIdentifier;

std::string body_with_trailer() {
  return ByteWriter()
      .text("the body")
      .u32(42)  // TID
      .u32(43)
      .u64(1000)  // TIME
      .u64(11)    // ID
      .u64(12)    // STREAM_ID
      .u32(3)     // CPU
      .u32(0)
      .u64(11)  // IDENTIFIER
      .str();
}

TEST(TrailerLayout, ReadsFromTheEnd) {
  const TrailerLayout layout(kAll, true);
  ASSERT_EQ(layout.size(), 48U);
  const std::string body = body_with_trailer();
  Record record;
  ASSERT_TRUE(layout.decode(bytes_of(body), ByteOrder::kNative, record));
  EXPECT_EQ(record.pid, 42);
  EXPECT_EQ(record.tid, 43);
  EXPECT_EQ(record.time_ns, 1000U);
  EXPECT_EQ(record.cpu, 3U);
  EXPECT_EQ(layout.id(bytes_of(body), ByteOrder::kNative), 11U);
  EXPECT_EQ(as_text(record.payload), "the body");
}

TEST(TrailerLayout, IgnoresSampleFieldsThatATrailerNeverHas) {
  const TrailerLayout layout(kAll | sample_bit::kIp | sample_bit::kPeriod | sample_bit::kRaw | sample_bit::kAddr, true);
  EXPECT_EQ(layout, TrailerLayout(kAll, true));
}

TEST(TrailerLayout, IsEmptyWithoutSampleIdAll) {
  const TrailerLayout layout(kAll, false);
  EXPECT_EQ(layout.size(), 0U);
  const std::string body = body_with_trailer();
  Record record;
  ASSERT_TRUE(layout.decode(bytes_of(body), ByteOrder::kNative, record));
  EXPECT_EQ(record.time_ns, 0U);
  EXPECT_EQ(record.payload.size(), body.size());
  EXPECT_FALSE(layout.id(bytes_of(body), ByteOrder::kNative));
}

TEST(TrailerLayout, RefusesABodyShorterThanItself) {
  const TrailerLayout layout(kAll, true);
  const std::string body = body_with_trailer();
  Record record;
  ASSERT_TRUE(layout.decode(bytes_of(std::string_view(body).substr(0, 48)), ByteOrder::kNative, record));
  EXPECT_FALSE(layout.decode(bytes_of(std::string_view(body).substr(0, 47)), ByteOrder::kNative, record));
}

}  // namespace
}  // namespace sockscope::perf_data

#include "parsers/perf_data/sample_layout.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "parsers/perf_data/abi.h"
#include "tests/support/perf_records.h"

// The bodies are written out word by word as kernel/events/core.c, perf_output_sample(), puts them.
namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;

constexpr std::uint64_t kTimeAndRaw = sample_bit::kTime | sample_bit::kRaw;

Record decode(const SampleLayout& layout, const std::string& body, ByteOrder order = ByteOrder::kNative) {
  Record record;
  EXPECT_TRUE(layout.decode(bytes_of(body), order, record));
  return record;
}

bool decodes(const SampleLayout& layout, std::string_view body) {
  Record record;
  return layout.decode(bytes_of(body), ByteOrder::kNative, record);
}

// IDENTIFIER, IP, TID, TIME, CPU, PERIOD, RAW.
std::string perfs_own_sample(ByteOrder order = ByteOrder::kNative, std::uint32_t raw_size = 12) {
  return ByteWriter(order)
      .u64(4711)
      .u64(0xffffffff81000000)
      .u32(42)
      .u32(43)
      .u64(123456789)
      .u32(3)
      .u32(0)
      .u64(1)
      .u32(raw_size)
      .text("0123456789ab")
      .str();
}

TEST(SampleLayout, FindsTheFieldsOfPerfsTracepointSample) {
  const SampleLayout layout(test_support::kTracepointSampleType, 0, true);
  ASSERT_EQ(layout.id_at(), 0U);
  for (const ByteOrder order : {ByteOrder::kNative, ByteOrder::kSwapped}) {
    const std::string body = perfs_own_sample(order);
    const Record record = decode(layout, body, order);
    EXPECT_EQ(record.pid, 42);
    EXPECT_EQ(record.tid, 43);
    EXPECT_EQ(record.time_ns, 123456789U);
    EXPECT_EQ(record.cpu, 3U);
    EXPECT_EQ(as_text(record.payload), "0123456789ab");
  }
}

TEST(SampleLayout, RefusesPerfsTracepointSampleCutShort) {
  const SampleLayout layout(test_support::kTracepointSampleType, 0, true);
  const std::string body = perfs_own_sample();
  ASSERT_TRUE(decodes(layout, body));
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decodes(layout, std::string_view(body).substr(0, size))) << size;
  }
  EXPECT_FALSE(decodes(layout, perfs_own_sample(ByteOrder::kNative, 13)));
  EXPECT_FALSE(decodes(layout, perfs_own_sample(ByteOrder::kNative, 0xffffffff)));
}

TEST(SampleLayout, SkipsEveryFixedFieldInTheKernelsOrder) {
  const std::uint64_t all = sample_bit::kIp | sample_bit::kTid | sample_bit::kTime | sample_bit::kAddr |
                            sample_bit::kId | sample_bit::kStreamId | sample_bit::kCpu | sample_bit::kPeriod |
                            sample_bit::kRaw;
  const SampleLayout layout(all, 0, true);
  const std::string body = ByteWriter()
                               .u64(1)  // IP
                               .u32(2)  // TID
                               .u32(3)
                               .u64(4)  // TIME
                               .u64(5)  // ADDR
                               .u64(6)  // ID
                               .u64(7)  // STREAM_ID
                               .u32(8)  // CPU
                               .u32(0)
                               .u64(9)  // PERIOD
                               .u32(4)  // RAW
                               .text("last")
                               .str();
  EXPECT_EQ(layout.id_at(), 32U);
  const Record record = decode(layout, body);
  EXPECT_EQ(record.tid, 3);
  EXPECT_EQ(record.time_ns, 4U);
  EXPECT_EQ(record.cpu, 8U);
  EXPECT_EQ(as_text(record.payload), "last");
}

TEST(SampleLayout, WhatTheSampleLacksIsSaid) {
  const Record record = decode(SampleLayout(sample_bit::kIp, 0, true), ByteWriter().u64(1).str());
  EXPECT_EQ(record.time_ns, 0U);
  EXPECT_EQ(record.cpu, kNoCpu);
  EXPECT_EQ(record.pid, kNoTask);
  EXPECT_TRUE(record.payload.empty());
  EXPECT_FALSE(SampleLayout(sample_bit::kIp, 0, true).id_at());
}

TEST(SampleLayout, ReadsTheOtherByteOrder) {
  const std::string body = ByteWriter(ByteOrder::kSwapped).u64(77).u32(4).text("good").str();
  const Record record = decode(SampleLayout(kTimeAndRaw, 0, true), body, ByteOrder::kSwapped);
  EXPECT_EQ(record.time_ns, 77U);
  EXPECT_EQ(as_text(record.payload), "good");
}

TEST(SampleLayout, RawOfAnotherKindOfEventIsNoPayload) {
  const std::string body = ByteWriter().u64(77).u32(4).text("ibs!").str();
  ASSERT_EQ(as_text(decode(SampleLayout(kTimeAndRaw, 0, true), body).payload), "ibs!");
  EXPECT_TRUE(decode(SampleLayout(kTimeAndRaw, 0, false), body).payload.empty());
}

struct ReadCase {
  const char* name;
  std::uint64_t format;
  std::size_t words;  // that PERF_SAMPLE_READ takes
};

class SampleRead : public testing::TestWithParam<ReadCase> {};

TEST_P(SampleRead, IsSkippedToTheByte) {
  const SampleLayout layout(kTimeAndRaw | sample_bit::kRead, GetParam().format, true);
  ByteWriter body;
  body.u64(77);
  // The first word of a group is its count; for a single value any number will do.
  for (std::size_t word = 0; word < GetParam().words; ++word) body.u64(2);
  body.u32(4).text("good");
  EXPECT_EQ(as_text(decode(layout, body.str()).payload), "good");
}

constexpr std::uint64_t kTimes = read_bit::kTotalTimeEnabled | read_bit::kTotalTimeRunning;
INSTANTIATE_TEST_SUITE_P(Formats, SampleRead,
                         testing::Values(ReadCase{"Value", 0, 1}, ReadCase{"ValueId", read_bit::kId, 2},
                                         ReadCase{"ValueTimes", kTimes, 3},
                                         ReadCase{"ValueTimesId", kTimes | read_bit::kId, 4},
                                         ReadCase{"ValueIdLost", read_bit::kId | read_bit::kLost, 3},
                                         ReadCase{"GroupOfTwo", read_bit::kGroup, 1 + 2},
                                         ReadCase{"GroupOfTwoId", read_bit::kGroup | read_bit::kId, 1 + 2 * 2},
                                         ReadCase{"GroupOfTwoTimes", read_bit::kGroup | kTimes, 1 + 2 + 2},
                                         ReadCase{"GroupOfTwoTimesIdLost",
                                                  read_bit::kGroup | kTimes | read_bit::kId | read_bit::kLost,
                                                  1 + 2 + 2 * 3}),
                         [](const auto& test) { return test.param.name; });

TEST(SampleLayout, SkipsACallchain) {
  const SampleLayout layout(kTimeAndRaw | sample_bit::kCallchain, 0, true);
  EXPECT_EQ(as_text(decode(layout, ByteWriter().u64(77).u64(0).u32(4).text("none").str()).payload), "none");
  const std::string three = ByteWriter().u64(77).u64(3).u64(1).u64(2).u64(3).u32(4).text("good").str();
  EXPECT_EQ(as_text(decode(layout, three).payload), "good");
}

TEST(SampleLayout, EveryTruncationIsRefused) {
  const SampleLayout layout(kTimeAndRaw | sample_bit::kRead | sample_bit::kCallchain, read_bit::kGroup, true);
  const std::string body = ByteWriter().u64(77).u64(1).u64(5).u64(2).u64(1).u64(2).u32(4).text("good").str();
  ASSERT_TRUE(decodes(layout, body));
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decodes(layout, std::string_view(body).substr(0, size))) << size;
  }
}

TEST(SampleLayout, CountsBeyondTheBodyAreRefused) {
  constexpr std::uint64_t wraps_to_zero = std::numeric_limits<std::uint64_t>::max() / 8 + 1;
  const SampleLayout callchain(kTimeAndRaw | sample_bit::kCallchain, 0, true);
  const auto with_count = [](std::uint64_t count) {
    return ByteWriter().u64(77).u64(count).u64(1).u32(4).text("good").str();
  };
  ASSERT_TRUE(decodes(callchain, with_count(1)));
  EXPECT_FALSE(decodes(callchain, with_count(3)));
  EXPECT_FALSE(decodes(callchain, with_count(wraps_to_zero)));
  EXPECT_FALSE(decodes(callchain, with_count(std::numeric_limits<std::uint64_t>::max())));

  const SampleLayout group(kTimeAndRaw | sample_bit::kRead, read_bit::kGroup, true);
  ASSERT_TRUE(decodes(group, with_count(1)));
  EXPECT_FALSE(decodes(group, with_count(wraps_to_zero)));

  const SampleLayout raw(kTimeAndRaw, 0, true);
  ASSERT_TRUE(decodes(raw, ByteWriter().u64(77).u32(4).text("good").str()));
  EXPECT_FALSE(decodes(raw, ByteWriter().u64(77).u32(5).text("good").str()));
  EXPECT_FALSE(decodes(raw, ByteWriter().u64(77).u32(0xffffffff).text("good").str()));
}

}  // namespace
}  // namespace sockscope::perf_data

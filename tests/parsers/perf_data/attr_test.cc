#include "parsers/perf_data/attr.h"

#include <gtest/gtest.h>

#include "tests/support/perf_records.h"

namespace sockscope::perf_data {
namespace {

using test_support::attr_bytes;
using test_support::AttrSpec;
using test_support::bytes_of;

const AttrSpec kSpec{.config = 372,
                     .sample_type = 0x105c3,
                     .read_format = 0x14,
                     .flags = attr_flag::kSampleIdAll | attr_flag::kUseClockid,
                     .clockid = 1};

TEST(Attr, ReadsEverySizeThatAKernelHasHad) {
  for (const std::uint32_t size : {96U, 104U, 112U, 120U, 128U, 136U, 144U}) {
    AttrSpec spec = kSpec;
    spec.size = size;
    const auto attr = parse_attr(bytes_of(attr_bytes(spec)), ByteOrder::kNative);
    ASSERT_TRUE(attr) << size;
    EXPECT_TRUE(attr->is_tracepoint());
    EXPECT_EQ(attr->config, 372U);
    EXPECT_EQ(attr->sample_type, 0x105c3U);
    EXPECT_EQ(attr->read_format, 0x14U);
    EXPECT_TRUE(attr->has_sample_id_all());
    EXPECT_TRUE(attr->uses_clockid());
    EXPECT_FALSE(attr->records_switches());
    EXPECT_EQ(attr->clockid, 1) << size;
  }
}

TEST(Attr, WhatAnOldKernelLackedIsZero) {
  AttrSpec spec = kSpec;
  spec.size = 64;
  const auto attr = parse_attr(bytes_of(attr_bytes(spec)), ByteOrder::kNative);
  ASSERT_TRUE(attr);
  EXPECT_EQ(attr->sample_type, 0x105c3U);
  EXPECT_EQ(attr->clockid, 0);
}

TEST(Attr, FewerThan64BytesAreNone) {
  const std::string bytes = attr_bytes(kSpec);
  ASSERT_TRUE(parse_attr(bytes_of(std::string_view(bytes).substr(0, 64)), ByteOrder::kNative));
  EXPECT_FALSE(parse_attr(bytes_of(std::string_view(bytes).substr(0, 63)), ByteOrder::kNative));
}

}  // namespace
}  // namespace sockscope::perf_data

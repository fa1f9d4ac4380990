#include "parsers/tracepoint/field_access.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/parsers/tracepoint/format_samples.h"

namespace sockscope::tracepoint {
namespace {

using perf_data::Bytes;
using test_support::bytes_of;

// Every way in which a field can lie in a payload.
const Format& sample_format() {
  static const OneFormat sample(format_text("event", 1,
                                            "\tfield:s8 s8;\toffset:8;\tsize:1;\tsigned:1;\n"
                                            "\tfield:u8 u8;\toffset:9;\tsize:1;\tsigned:0;\n"
                                            "\tfield:short s16;\toffset:10;\tsize:2;\tsigned:1;\n"
                                            "\tfield:u16 u16;\toffset:12;\tsize:2;\tsigned:0;\n"
                                            "\tfield:int s32;\toffset:16;\tsize:4;\tsigned:1;\n"
                                            "\tfield:unsigned int u32;\toffset:20;\tsize:4;\tsigned:0;\n"
                                            "\tfield:long s64;\toffset:24;\tsize:8;\tsigned:1;\n"
                                            "\tfield:void * pointer;\toffset:32;\tsize:8;\tsigned:0;\n"
                                            "\tfield:char comm[8];\toffset:40;\tsize:8;\tsigned:0;\n"
                                            "\tfield:__data_loc char[] name;\toffset:48;\tsize:4;\tsigned:0;\n"
                                            "\tfield:__rel_loc char[] other;\toffset:52;\tsize:4;\tsigned:0;\n"
                                            "\tfield:int list[3];\toffset:56;\tsize:12;\tsigned:1;\n"
                                            "\tfield:__u8 mac[6];\toffset:68;\tsize:6;\tsigned:0;\n"
                                            "\tfield:struct pair pair;\toffset:76;\tsize:8;\tsigned:0;\n"));
  return sample.format;
}

constexpr std::uint32_t kTextAt = 84;

std::string sample_payload(std::uint32_t name_at = kTextAt, std::uint32_t name_length = 3) {
  return payload_of(1)
      .u8(0xff)
      .u8(0xff)
      .u16(0xfffe)
      .u16(0xfffe)
      .zeros(2)
      .u32(0xfffffffd)
      .u32(0xfffffffd)
      .u64(0xfffffffffffffffc)
      .u64(0xffff888102abece0)
      .text("tcp_rr")
      .zeros(2)
      .u32(name_length << 16U | name_at)
      .u32(4U << 16U | (kTextAt + 3 - 56))
      .u32(10)
      .u32(0xffffffff)
      .u32(30)
      .text("abcdef")
      .zeros(2)
      .u64(0)
      .text(std::string_view("lo\0eth\0", 7))
      .str();
}

std::int64_t integer(std::string_view name, const std::string& payload) {
  const auto field = IntegerField::of(sample_format(), name);
  EXPECT_TRUE(field) << name;
  return field.value().read(bytes_of(payload)).value();
}

TEST(IntegerField, ReadsEachSizeWithItsSign) {
  const std::string payload = sample_payload();
  EXPECT_EQ(integer("common_type", payload), 1);
  EXPECT_EQ(integer("common_pid", payload), 4711);
  EXPECT_EQ(integer("s8", payload), -1);
  EXPECT_EQ(integer("u8", payload), 255);
  EXPECT_EQ(integer("s16", payload), -2);
  EXPECT_EQ(integer("u16", payload), 65534);
  EXPECT_EQ(integer("s32", payload), -3);
  EXPECT_EQ(integer("u32", payload), 4294967293);
  EXPECT_EQ(integer("s64", payload), -4);
}

TEST(IntegerField, ReadsAddressesUnsigned) {
  const auto field = IntegerField::of(sample_format(), "pointer");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->read_unsigned(bytes_of(sample_payload())), 0xffff888102abece0);
}

TEST(IntegerField, ReadsTheOtherByteOrder) {
  const IntegerField field(8, 4, true, perf_data::ByteOrder::kSwapped);
  const std::string payload = payload_of(1, perf_data::ByteOrder::kSwapped).u32(0xfffffffe).str();
  EXPECT_EQ(field.read(bytes_of(payload)), -2);
}

TEST(IntegerField, BindsToNothingButNumbers) {
  for (const char* name : {"nosuch", "comm", "name", "other", "list", "mac", "pair"}) {
    EXPECT_FALSE(IntegerField::of(sample_format(), name)) << name;
  }
}

TEST(IntegerField, StaysWithinThePayload) {
  const std::string payload = sample_payload();
  const auto field = IntegerField::of(sample_format(), "s64");
  ASSERT_TRUE(field);
  ASSERT_TRUE(field->read(bytes_of(payload).first(32)));
  for (std::size_t size = 0; size < 32; ++size) EXPECT_FALSE(field->read(bytes_of(payload).first(size))) << size;
}

TEST(StringField, ReadsFixedTextUpToItsNul) {
  const auto field = StringField::of(sample_format(), "comm");
  ASSERT_TRUE(field);
  const std::string payload = sample_payload();
  EXPECT_EQ(field->read(bytes_of(payload)), "tcp_rr");
  EXPECT_TRUE(field->read(bytes_of(payload).first(48)));
  EXPECT_FALSE(field->read(bytes_of(payload).first(47)));
}

TEST(StringField, FixedTextMayFillItsField) {
  std::string payload = sample_payload();
  payload.replace(40, 8, "12345678");
  EXPECT_EQ(StringField::of(sample_format(), "comm")->read(bytes_of(payload)), "12345678");
}

TEST(StringField, FollowsADataLoc) {
  const auto field = StringField::of(sample_format(), "name");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->read(bytes_of(sample_payload())), "lo");
}

TEST(StringField, FollowsARelLocFromTheEndOfTheField) {
  const auto field = StringField::of(sample_format(), "other");
  ASSERT_TRUE(field);
  std::string payload = sample_payload();
  EXPECT_EQ(field->read(bytes_of(payload)), "eth");
  payload.pop_back();
  EXPECT_FALSE(field->read(bytes_of(payload)));
}

TEST(StringField, ADataLocThatPointsOutsideIsNothing) {
  const auto field = StringField::of(sample_format(), "name");
  ASSERT_TRUE(field);
  const auto size = static_cast<std::uint32_t>(sample_payload().size());
  EXPECT_TRUE(field->read(bytes_of(sample_payload(size - 4, 4))));
  EXPECT_FALSE(field->read(bytes_of(sample_payload(size - 4, 5))));
  EXPECT_EQ(field->read(bytes_of(sample_payload(size, 0))), "");
  EXPECT_FALSE(field->read(bytes_of(sample_payload(size + 1, 0))));
  EXPECT_FALSE(field->read(bytes_of(sample_payload(0xffff, 0xffff))));
}

TEST(StringField, BindsToNothingButText) {
  for (const char* name : {"nosuch", "s32", "list", "mac", "pointer"}) {
    EXPECT_FALSE(StringField::of(sample_format(), name)) << name;
  }
}

TEST(BytesField, ReadsWhatIsNeitherNumberNorText) {
  const auto field = BytesField::of(sample_format(), "mac");
  ASSERT_TRUE(field);
  const std::string payload = sample_payload();
  const auto bytes = field->read(bytes_of(payload));
  ASSERT_TRUE(bytes);
  EXPECT_EQ(perf_data::as_text(*bytes), "abcdef");
}

TEST(IntegerArrayField, ReadsByElement) {
  const auto field = IntegerArrayField::of(sample_format(), "list");
  ASSERT_TRUE(field);
  const std::string payload = sample_payload();
  EXPECT_EQ(field->length(), 3U);
  EXPECT_EQ(field->read(bytes_of(payload), 0), 10);
  EXPECT_EQ(field->read(bytes_of(payload), 1), -1);
  EXPECT_EQ(field->read(bytes_of(payload), 2), 30);
  EXPECT_FALSE(field->read(bytes_of(payload), 3));
  EXPECT_FALSE(field->read(bytes_of(payload), 0xffffffff));
  EXPECT_FALSE(field->read(bytes_of(payload).first(67), 2));
}

TEST(IntegerArrayField, BindsToNothingButFixedArrays) {
  for (const char* name : {"nosuch", "s32", "name", "other", "pair"}) {
    EXPECT_FALSE(IntegerArrayField::of(sample_format(), name)) << name;
  }
}

TEST(CommonType, IsTheFirstNumber) {
  EXPECT_EQ(common_type(bytes_of(payload_of(2302).str())), 2302);
  EXPECT_FALSE(common_type(bytes_of("1")));
}

}  // namespace
}  // namespace sockscope::tracepoint

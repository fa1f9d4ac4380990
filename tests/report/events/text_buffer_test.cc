#include "report/events/text_buffer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace sockscope {
namespace {

template <class Put>
std::string put(const Put& put_into) {
  TextBuffer out;
  out.reserve(TextBuffer::kNumber + 1);
  put_into(out);
  return std::string(out.text());
}

TEST(TextBuffer, WritesNumbersAroundEachPowerOfTen) {
  std::uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits, power *= 10) {
    for (const std::uint64_t value : {power - 1, power, power + 1}) {
      EXPECT_EQ(put([&](TextBuffer& out) { out.put_unsigned(value); }), std::to_string(value));
      const auto as_signed = static_cast<std::int64_t>(value);
      EXPECT_EQ(put([&](TextBuffer& out) { out.put_signed(as_signed); }), std::to_string(as_signed));
    }
  }
}

TEST(TextBuffer, WritesTheEndsOfTheRange) {
  using Signed = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(put([](TextBuffer& out) { out.put_unsigned(~0ULL); }), "18446744073709551615");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_signed(Signed::min()); }), "-9223372036854775808");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_signed(Signed::max()); }), "9223372036854775807");
}

TEST(TextBuffer, WritesHex) {
  EXPECT_EQ(put([](TextBuffer& out) { out.put_hex(0); }), "0x0");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_hex(0xf); }), "0xf");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_hex(0x10); }), "0x10");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_hex(0xffff'8880'1234'abcdULL); }), "0xffff88801234abcd");
}

TEST(TextBuffer, PadsWithNoughts) {
  EXPECT_EQ(put([](TextBuffer& out) { out.put_padded(7, 3); }), "007");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_padded(0, 9); }), "000000000");
  EXPECT_EQ(put([](TextBuffer& out) { out.put_padded(999'999'999, 9); }), "999999999");
}

TEST(TextBuffer, KeepsWhatItHasAsItGrows) {
  TextBuffer out;
  std::string expected;
  const Literal short_one("of up to as many bytes as one copy has, to a bit");
  const Literal long_one("of one more than that, which takes the longer way");
  EXPECT_EQ(short_one.text().size(), Literal::kInline);
  for (int round = 0; round < 1000; ++round) {
    out.reserve(short_one.text().size() + long_one.text().size());
    out.put(short_one);
    out.put(long_one);
    expected.append(short_one.text()).append(long_one.text());
  }
  EXPECT_EQ(out.text(), expected);
  out.clear();
  EXPECT_EQ(out.text(), "");
}

}  // namespace
}  // namespace sockscope

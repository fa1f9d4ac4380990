#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/tracing_data_builder.h"

// Damage of every kind must end in an error or in counters, never in a crash: run under sanitizers this test is the
// small sister of the fuzzer.
namespace sockscope::perf_data {
namespace {

using test_support::ByteWriter;
using test_support::PerfDataBuilder;

PerfDataBuilder a_bit_of_everything() {
  PerfDataBuilder data;
  data.attr({.config = 372, .ids = {11, 12}, .name = "sched:sched_switch"});
  data.attr({.sample_type = test_support::kTracepointSampleType | sample_bit::kRead | sample_bit::kCallchain,
             .read_format = read_bit::kGroup | read_bit::kId,
             .ids = {13},
             .name = "net:netif_rx"});
  data.feature(feature::kOsrelease, ByteWriter().header_string("6.18").str());
  data.feature(feature::kCmdline, ByteWriter().u32(2).header_string("perf").header_string("record").str());
  data.tracing_data(test_support::tracing_data_bytes({{"sched", "name: sched_switch\nID: 372\n"}}));
  data.comm("sockperf", {.id = 11, .time_ns = 0});
  data.sample({.id = 11, .time_ns = 30, .cpu = 0, .raw = "abc"}).sample({.id = 12, .time_ns = 20, .cpu = 1});
  static const std::string group = ByteWriter().u64(1).u64(9).u64(13).str();
  data.sample({.id = 13, .time_ns = 25, .cpu = 1, .read = group, .callchain = {1, 2}, .raw = "defghijk"});
  data.lost(3, {.id = 11, .time_ns = 31}).lost_samples(4, {.id = 13}).context_switch({.id = 11, .time_ns = 40}, 0);
  data.finished_round();
  return data;
}

// Everything a user of the Reader can touch.
std::size_t use(std::string_view bytes) {
  auto opened = open_bytes(bytes);
  if (!opened.reader) return 0;
  std::size_t sum = opened->counters().lost_by_event.size();
  if (const TracingData* data = opened->tracing_data()) {
    for (const FormatSource& format : data->formats) sum += format.text.size() + format.system.size();
  }
  std::size_t count = 0;
  auto stream = opened->records();
  while (const Record* record = stream.next()) {
    ++count;
    for (const std::byte byte : record->body) sum += std::to_integer<std::size_t>(byte);
    for (const std::byte byte : record->payload) sum += std::to_integer<std::size_t>(byte);
  }
  EXPECT_LE(count, opened->counters().records);
  return sum;
}

class Damage : public testing::TestWithParam<Form> {
 protected:
  const std::string whole =
      GetParam() == Form::kFile ? a_bit_of_everything().file_form() : a_bit_of_everything().pipe_form();
};

INSTANTIATE_TEST_SUITE_P(Forms, Damage, testing::Values(Form::kFile, Form::kPipe), form_name);

TEST_P(Damage, TheControlReadsWhole) {
  auto opened = open_bytes(whole);
  ASSERT_TRUE(opened.reader);
  const Counters& counters = opened->counters();
  EXPECT_EQ(counters.samples, 3U);
  EXPECT_EQ(counters.malformed + counters.unknown_ids + counters.skipped + counters.bad_sections, 0U);
  EXPECT_FALSE(counters.truncated);
  EXPECT_EQ(all_records(*opened.reader).size(), counters.records);
}

TEST_P(Damage, AnyTruncation) {
  for (std::size_t size = 1; size < whole.size(); ++size) use(std::string_view(whole).substr(0, size));
}

TEST_P(Damage, AnyByteChanged) {
  std::string damaged = whole;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x01', '\x7f', '\x80', '\xff'}) {
      damaged[at] = value;
      use(damaged);
    }
    damaged[at] = whole[at];
  }
}

TEST_P(Damage, AnyNumberChanged) {
  constexpr std::array<std::uint64_t, 6> values{0, 1, 0x7fffffff, 0xffffffff, 0x8000000000000000, 0xffffffffffffffff};
  std::string damaged = whole;
  for (std::size_t at = 0; at + 8 <= whole.size(); at += 8) {
    for (const std::uint64_t value : values) {
      damaged.replace(at, 8, ByteWriter().u64(value).str());
      use(damaged);
    }
    damaged.replace(at, 8, whole, at, 8);
  }
}

TEST_P(Damage, ManyAtOnce) {
  constexpr int rounds = 5000;
  std::mt19937 random(20240117);
  for (int round = 0; round < rounds; ++round) {
    std::string damaged = whole;
    for (std::uint32_t change = 0; change < 1 + random() % 8; ++change) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    use(damaged);
  }
}

}  // namespace
}  // namespace sockscope::perf_data

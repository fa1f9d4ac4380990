#include "harness/perf_data_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/byte_string.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/reader.h"
#include "tests/harness/temp_tree.h"
#include "tests/support/byte_writer.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace feature = perf_data::feature;
namespace type = perf_data::record_type;

/// What the project's own reader finds in a file.
struct Found {
  std::uint32_t type = 0;
  std::size_t attr = 0;
  std::uint64_t time_ns = 0;
  std::uint32_t cpu = 0;
  std::int32_t pid = 0;
  std::int32_t tid = 0;
  std::string payload;
};

std::vector<Found> records_of(const perf_data::Reader& reader) {
  std::vector<Found> found;
  auto stream = reader.records();
  while (const auto* record = stream.next()) {
    found.push_back({record->type, record->attr, record->time_ns, record->cpu, record->pid, record->tid,
                     std::string(perf_data::as_text(record->payload))});
  }
  return found;
}

class PerfDataWriterTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const { return directory_ / "x.perf.data"; }
  static std::vector<WrittenEvent> events() {
    return {{.attr = tracepoint_attr(11), .ids = {101}, .name = "net:netif_rx"},
            {.attr = tracepoint_attr(12), .ids = {102, 103}, .name = "sched:sched_switch"}};
  }
  static FeatureSections features() {
    return {{feature::kTracingData, test_support::tracing_data_bytes({{"net", "name: netif_rx\nID: 11\n"}})},
            {feature::kOsrelease, header_string("6.18.0")},
            {feature::kArch, header_string("x86_64")}};
  }

  TempTree directory_;
};

TEST_F(PerfDataWriterTest, IsReadBackAsItWasWritten) {
  auto writer = PerfDataWriter::create(path(), events());
  ASSERT_TRUE(writer) << writer.error().message;
  const WrittenContext first{.pid = 5, .tid = 6, .cpu = 1, .time_ns = 1000};
  const WrittenContext second{.pid = 7, .tid = 7, .cpu = 0, .time_ns = 1010};
  ASSERT_TRUE(writer->comm(first, "echo-client"));
  ASSERT_TRUE(writer->sample(0, first, test_support::bytes_of("payload1")));
  ASSERT_TRUE(writer->sample(1, second, test_support::bytes_of("payload of 2")));
  ASSERT_TRUE(writer->lost(second, 17));
  ASSERT_TRUE(writer->finish(features()));

  const auto reader = perf_data::Reader::open(path());
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_EQ(reader->attrs().size(), 2U);
  EXPECT_EQ(reader->attrs()[0].name, "net:netif_rx");
  EXPECT_EQ(reader->attrs()[1].name, "sched:sched_switch");
  EXPECT_EQ(reader->attrs()[1].config, 12U);
  EXPECT_THAT(reader->attrs()[1].ids, ElementsAre(102, 103));
  EXPECT_EQ(reader->info().osrelease, "6.18.0");
  EXPECT_EQ(reader->info().arch, "x86_64");
  EXPECT_EQ(reader->info().clockid, 1) << "CLOCK_MONOTONIC";
  ASSERT_NE(reader->tracing_data(), nullptr);
  EXPECT_EQ(reader->tracing_data()->formats.size(), 1U);

  const auto records = records_of(*reader);
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].type, type::kComm);
  EXPECT_THAT(records[0].payload, HasSubstr("echo-client"));
  EXPECT_EQ(records[1].type, type::kSample);
  EXPECT_EQ(records[1].attr, 0U);
  EXPECT_EQ(records[1].time_ns, 1000U);
  EXPECT_EQ(records[1].cpu, 1U);
  EXPECT_EQ(records[1].pid, 5);
  EXPECT_EQ(records[1].tid, 6);
  // 4 bytes of size and the payload are a multiple of 8.
  EXPECT_EQ(records[1].payload, std::string("payload1") + std::string(4, '\0'));
  EXPECT_EQ(records[2].attr, 1U);
  EXPECT_EQ(records[2].payload, "payload of 2");
  EXPECT_EQ(records[3].type, type::kLost);
  EXPECT_EQ(reader->counters().lost_events, 17U);
  EXPECT_EQ(reader->counters().unknown_ids, 0U);
  EXPECT_EQ(reader->counters().malformed, 0U);
  EXPECT_FALSE(reader->counters().truncated);
}

TEST_F(PerfDataWriterTest, TakesRecordsOfTheKernelAsTheyAre) {
  std::string record;
  for (const std::uint32_t number : {std::uint32_t{type::kSwitch}, std::uint32_t{40U << 16U}}) {
    append_number(record, number);
  }
  for (const std::uint32_t number : {5U, 6U}) append_number(record, number);
  for (const std::uint64_t number : {1005ULL, 1ULL, 102ULL}) append_number(record, std::uint64_t{number});
  auto writer = PerfDataWriter::create(path(), events());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->record(test_support::bytes_of(record)));
  ASSERT_TRUE(writer->finish(features()));
  const auto reader = perf_data::Reader::open(path());
  ASSERT_TRUE(reader) << reader.error().message;
  const auto records = records_of(*reader);
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].type, type::kSwitch);
  EXPECT_EQ(records[0].time_ns, 1005U);
  EXPECT_EQ(records[0].tid, 6);
  EXPECT_EQ(records[0].attr, 1U);
}

// More than fits into its buffer.
TEST_F(PerfDataWriterTest, WritesRecordingsLargerThanItsBuffer) {
  auto writer = PerfDataWriter::create(path(), events());
  ASSERT_TRUE(writer);
  const std::string payload(1000, 'x');
  for (std::uint64_t i = 0; i < 3000; ++i) {
    ASSERT_TRUE(writer->sample(0, {.pid = 5, .tid = 6, .time_ns = 1000 + i}, test_support::bytes_of(payload)));
  }
  ASSERT_TRUE(writer->finish(features()));
  const auto reader = perf_data::Reader::open(path());
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(records_of(*reader).size(), 3000U);
}

TEST_F(PerfDataWriterTest, IsNoRecordingUntilItIsFinished) {
  auto writer = PerfDataWriter::create(path(), events());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->sample(0, {}, test_support::bytes_of("payload1")));
  EXPECT_FALSE(perf_data::Reader::open(path()));
}

TEST_F(PerfDataWriterTest, SaysWhatItCannotWrite) {
  const auto writer = PerfDataWriter::create(directory_ / "no" / "x", events());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().message, fmt::format("cannot write {}/no/x: No such file or directory", directory_.str()));
}

}  // namespace
}  // namespace sockscope

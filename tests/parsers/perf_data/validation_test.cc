#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "parsers/perf_data/comm_record.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

// The records among what perf's own series "perf-data-validation" (2026) had to check, one test a row: what a damaged
// one costs, and that everything around it is kept. The sections are in validation_sections_test.cc.
namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::ByteWriter;
using test_support::PerfDataBuilder;
using test_support::record_bytes;
using test_support::sample_bytes;
using ::testing::ElementsAre;

const AttrSpec kSwitch{.config = 372, .ids = {11}, .name = "sched:sched_switch"};
const AttrSpec kWaking{.config = 373, .ids = {12}, .name = "sched:sched_waking"};

std::string sample(std::uint64_t time_ns, std::string raw) {
  return sample_bytes(kSwitch, {.id = 11, .time_ns = time_ns, .raw = std::move(raw)});
}

// Samples "first" and "last", and between them what is damaged.
PerfDataBuilder around(std::string_view damaged) {
  PerfDataBuilder data;
  data.attr(kSwitch).attr(kWaking);
  return data.record(sample(10, "first")).record(damaged).record(sample(20, "last"));
}

struct Cost {
  std::uint64_t records = 3;
  std::uint64_t skipped = 0;
  std::uint64_t unknown_ids = 0;
  std::uint64_t malformed = 0;
  std::uint64_t bad_sections = 0;
  bool truncated = false;
};

void expect_cost(const Counters& counters, const Cost& cost) {
  EXPECT_EQ(counters.records, cost.records);
  EXPECT_EQ(counters.skipped, cost.skipped);
  EXPECT_EQ(counters.unknown_ids, cost.unknown_ids);
  EXPECT_EQ(counters.malformed, cost.malformed);
  EXPECT_EQ(counters.bad_sections, cost.bad_sections);
  EXPECT_EQ(counters.truncated, cost.truncated);
  EXPECT_EQ(counters.out_of_order, 0U);
}

// Opens it in both forms and expects both samples, and this of the counters.
void expect_rest_intact(const PerfDataBuilder& data, const Cost& cost, std::uint64_t header_records) {
  auto file = open_bytes(data.file_form());
  ASSERT_TRUE(file.reader) << file.reader.error().message;
  EXPECT_THAT(payloads(*file.reader), ElementsAre("first", "last"));
  expect_cost(file->counters(), cost);
  auto pipe = open_bytes(data.pipe_form());
  ASSERT_TRUE(pipe.reader) << pipe.reader.error().message;
  EXPECT_THAT(payloads(*pipe.reader), ElementsAre("first", "last"));
  Cost in_pipe = cost;
  in_pipe.records += header_records;
  expect_cost(pipe->counters(), in_pipe);
}

// What PerfDataBuilder writes of two named attrs in a pipe: two attrs, two names, the end of the features.
constexpr std::uint64_t kHeaderRecords = 5;

TEST(Validation, TheControl) { expect_rest_intact(around(""), {.records = 2}, kHeaderRecords); }

// "bound event pointer in peek": the next record's header is looked at before it is known to be all there.
TEST(Validation, PeekAtTheEndOfTheData) {
  for (std::size_t stray = 1; stray < 8; ++stray) {
    PerfDataBuilder data = around("");
    data.record(std::string(stray, '\x09'));
    expect_rest_intact(data, {.records = 2, .truncated = true}, kHeaderRecords);
  }
}

// "event_contains full field": a field counts as there only when all of its bytes are.
TEST(Validation, SampleThatEndsWithinAField) {
  constexpr std::size_t header = 8;
  const std::string whole = sample(15, "payload");
  for (std::size_t size = header; size < whole.size(); ++size) {
    const std::string body = whole.substr(header, size - header);
    expect_rest_intact(around(record_bytes(record_type::kSample, body)), {.malformed = 1}, kHeaderRecords);
  }
}

// "variable-length READ": the count of a group's values, of a callchain and the size of RAW are the file's word.
TEST(Validation, SampleReadCounts) {
  const AttrSpec group{.sample_type = test_support::kTracepointSampleType | sample_bit::kRead | sample_bit::kCallchain,
                       .read_format = read_bit::kGroup | read_bit::kId | read_bit::kLost,
                       .ids = {13},
                       .name = "net:netif_rx"};
  const auto with_count = [&group](std::uint64_t count) {
    PerfDataBuilder data;
    data.attr(kSwitch).attr(group);
    const std::string values = ByteWriter().u64(count).u64(7).u64(13).u64(0).str();
    data.sample({.id = 13, .time_ns = 5, .read = values, .callchain = {1}, .raw = "grouped"});
    return data.sample({.id = 11, .time_ns = 10, .raw = "last"});
  };
  auto good = open_bytes(with_count(1).file_form());
  EXPECT_THAT(payloads(*good.reader), ElementsAre("grouped", "last"));
  // The last one, times the 24 bytes of a value, overflows to the right size.
  for (const std::uint64_t count : {100ULL, ~0ULL, 0x2000000000000001ULL}) {
    auto damaged = open_bytes(with_count(count).file_form());
    EXPECT_THAT(payloads(*damaged.reader), ElementsAre("last"));
    expect_cost(damaged->counters(), {.records = 2, .malformed = 1});
  }
}

TEST(Validation, ReadRecordOfAnyLength) {
  constexpr std::uint32_t read = 8;
  const std::string trailer = test_support::trailer_bytes(kSwitch, {.id = 11, .time_ns = 15});
  for (std::size_t size = 0; size <= 64; size += 8) {
    expect_rest_intact(around(record_bytes(read, std::string(size, '\xff') + trailer)), {}, kHeaderRecords);
  }
}

// "swap_sample_id_all on crafted events": records shorter than the trailer that their attr gives them.
TEST(Validation, RecordsShorterThanTheirTrailer) {
  const std::size_t trailer = test_support::trailer_bytes(kSwitch, {}).size();
  for (const std::uint32_t type : {record_type::kLost, record_type::kComm, record_type::kLostSamples}) {
    for (std::size_t size = 0; size < trailer; ++size) {
      expect_rest_intact(around(record_bytes(type, std::string(size, '\x0b'))), {.malformed = 1}, kHeaderRecords);
    }
  }
}

// "NUL-termination of every string".
TEST(Validation, CommWithoutNul) {
  const std::string body = ByteWriter().u32(7).u32(8).text("sixteen letters!").str();
  const PerfDataBuilder data =
      around(test_support::kernel_record_bytes(record_type::kComm, body, kSwitch, {.id = 11, .time_ns = 15}));
  expect_rest_intact(data, {}, kHeaderRecords);
  auto opened = open_bytes(data.file_form());
  const auto comm = parse_comm(all_records(*opened.reader).at(1), ByteOrder::kNative);
  ASSERT_TRUE(comm);
  EXPECT_EQ(comm->comm, "sixteen letters!") << "neither the trailer nor what follows it";
  EXPECT_EQ(comm->tid, 8);
}

TEST(Validation, CommOfNoLetterOrCutShort) {
  for (std::size_t size = 0; size <= 8; ++size) {
    const std::string body(size, '\x01');
    const PerfDataBuilder data =
        around(test_support::kernel_record_bytes(record_type::kComm, body, kSwitch, {.id = 11, .time_ns = 15}));
    expect_rest_intact(data, {}, kHeaderRecords);
    auto opened = open_bytes(data.file_form());
    const auto comm = parse_comm(all_records(*opened.reader).at(1), ByteOrder::kNative);
    EXPECT_EQ(comm.has_value(), size == 8);
    EXPECT_EQ(comm ? comm->comm : "", "");
  }
}

TEST(Validation, MmapWithoutNulIsNotRead) {
  for (const std::uint32_t mmap : {1U, 10U}) {
    const std::string damaged = record_bytes(mmap, std::string(200, '/'));
    // Its trailer, slashes as well, names an id that no attr has: the record belongs to none.
    expect_rest_intact(around(damaged), {}, kHeaderRecords);
  }
}

TEST(Validation, EventUpdateWithoutNul) {
  PerfDataBuilder data;
  data.attr({.ids = {11}}).attr(kWaking);
  data.record(record_bytes(record_type::kEventUpdate, ByteWriter().u64(2).u64(11).text("twelve chars").str()));
  data.record(record_bytes(record_type::kEventUpdate, ByteWriter().u64(2).u32(11).str()));
  auto opened = open_bytes(data.record(sample(10, "first")).pipe_form());
  EXPECT_EQ(opened->attrs().at(0).name, "twelve chars") << "nothing of the record behind it";
  EXPECT_EQ(opened->attrs().at(1).name, "sched:sched_waking");
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("first"));
  EXPECT_EQ(opened->counters().bad_sections, 1U) << "the second, cut within its id";
}

// "HEADER_ATTR attr.size before swap".
TEST(Validation, HeaderAttrSizes) {
  const auto attr_that_says = [](std::uint32_t says, std::size_t bytes) {
    AttrSpec attr{.size = 128, .ids = {99}};
    std::string body = test_support::attr_bytes(attr).replace(4, 4, ByteWriter().u32(says).str());
    body.resize(bytes);
    return record_bytes(record_type::kHeaderAttr, body);
  };
  const auto open_with = [&](std::uint32_t says, std::size_t bytes) {
    PerfDataBuilder data;
    data.attr(kSwitch).attr(kWaking);
    data.record(attr_that_says(says, bytes)).record(sample(10, "first"));
    auto opened = open_bytes(data.pipe_form());
    EXPECT_THAT(payloads(*opened.reader), ElementsAre("first"));
    return std::pair(opened->attrs().size(), opened->counters().bad_sections);
  };
  using Outcome = std::pair<std::size_t, std::uint64_t>;
  EXPECT_EQ(open_with(128, 128), Outcome(3, 0));
  EXPECT_EQ(open_with(0, 128), Outcome(3, 0)) << "0 says 64, as in the first kernels";
  EXPECT_EQ(open_with(64, 64), Outcome(3, 0));
  EXPECT_EQ(open_with(63, 128), Outcome(2, 1));
  EXPECT_EQ(open_with(136, 128), Outcome(2, 1));
  EXPECT_EQ(open_with(0xffffffff, 128), Outcome(2, 1));
  EXPECT_EQ(open_with(64, 63), Outcome(2, 1));
}

// "nr fields vs event size": none of these is read here, whatever they count.
TEST(Validation, CountsInRecordsThatAreNotRead) {
  constexpr std::uint32_t namespaces = 16;
  constexpr std::uint32_t build_id = 67;
  constexpr std::uint32_t id_index = 69;
  constexpr std::uint32_t thread_map = 73;
  constexpr std::uint32_t cpu_map = 74;
  constexpr std::uint32_t bpf_metadata = 84;
  for (const std::uint32_t type : {namespaces, build_id, id_index, thread_map, cpu_map, bpf_metadata}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{8}, std::size_t{56}, std::size_t{65520}}) {
      const bool lacks_trailer = type == namespaces && size < 32;
      expect_rest_intact(around(record_bytes(type, std::string(size, '\xff'))), {.malformed = lacks_trailer ? 1U : 0U},
                         kHeaderRecords);
    }
  }
}

// "nr_cpus_avail cap and sample.cpu": a CPU number is no index, however large.
TEST(Validation, SampleOfACpuThatNoMachineHas) {
  for (const std::uint32_t cpu : {8191U, 8192U, 0x7fffffffU, 0xfffffffeU, 0xffffffffU}) {
    PerfDataBuilder data = around(sample_bytes(kSwitch, {.id = 11, .time_ns = 15, .cpu = cpu, .raw = "middle"}));
    data.feature(feature::kNrcpus, ByteWriter().u32(2).u32(2).str());
    auto opened = open_bytes(data.file_form());
    EXPECT_THAT(payloads(*opened.reader), ElementsAre("first", "middle", "last"));
    EXPECT_EQ(all_records(*opened.reader).at(1).cpu, cpu);
    expect_cost(opened->counters(), {});
  }
}

// "re-read of header.size": the file is mapped, so that it can change between the look that opens it and the one that
// reads it.
TEST(Validation, SizeThatChangesBehindTheReader) {
  for (const std::uint16_t size : {std::uint16_t{0}, std::uint16_t{7}, std::uint16_t{8}, std::uint16_t{0xffff}}) {
    const PerfDataBuilder data = around(sample(15, "middle"));
    const std::string bytes = data.file_form();
    auto opened = open_bytes(bytes);
    ASSERT_THAT(payloads(*opened.reader), ElementsAre("first", "middle", "last"));
    {
      std::fstream file(opened.file->path(), std::ios::in | std::ios::out | std::ios::binary);
      const std::size_t size_at = bytes.find(sample(15, "middle")) + 6;
      file.seekp(static_cast<std::streamoff>(size_at)) << ByteWriter().u16(size).str();
    }
    EXPECT_THAT(payloads(*opened.reader), ElementsAre("first")) << size;
  }
}

}  // namespace
}  // namespace sockscope::perf_data

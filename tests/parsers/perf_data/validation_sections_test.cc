#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

// The sections among what perf's own series "perf-data-validation" (2026) had to check, one test a row: a damaged one
// is counted and left out, and everything around it is kept. The records are in validation_test.cc.
namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::ByteWriter;
using test_support::PerfDataBuilder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const AttrSpec kSwitch{.config = 372, .ids = {11}, .name = "sched:sched_switch"};

// A recording of one sample whose other sections are sound.
PerfDataBuilder recording() {
  PerfDataBuilder data;
  data.attr(kSwitch).sample({.id = 11, .time_ns = 10, .raw = "kept"});
  return data.feature(feature::kOsrelease, ByteWriter().header_string("6.18").str())
      .feature(feature::kClockid, ByteWriter().u64(1).str());
}

PerfDataBuilder with(std::uint64_t bit, std::string payload) { return recording().feature(bit, std::move(payload)); }

// What is in front of the section in question, what is behind it, and the records.
void expect_rest_intact(const Reader& reader, std::uint64_t bad_sections) {
  EXPECT_EQ(reader.counters().bad_sections, bad_sections);
  EXPECT_EQ(reader.info().osrelease, "6.18");
  EXPECT_EQ(reader.info().clock_resolution_ns, 1U);
  EXPECT_EQ(reader.attrs().size(), 1U);
  EXPECT_THAT(payloads(reader), ElementsAre("kept"));
  EXPECT_EQ(reader.counters().malformed + reader.counters().skipped + reader.counters().unknown_ids, 0U);
  EXPECT_FALSE(reader.counters().truncated);
}

// The same of both forms. In a pipe the section is a record and has a bound of its own.
void expect_rest_intact(const PerfDataBuilder& data, std::uint64_t bad_sections) {
  for (const std::string& bytes : {data.file_form(), data.pipe_form()}) {
    auto opened = open_bytes(bytes);
    ASSERT_TRUE(opened.reader) << opened.reader.error().message;
    expect_rest_intact(*opened.reader, bad_sections);
  }
}

TEST(Validation, TheControlOfSections) {
  auto opened = open_bytes(recording().file_form());
  expect_rest_intact(recording(), 0);
  EXPECT_EQ(opened->attrs().at(0).name, "sched:sched_switch");
}

// "f_attr.ids section bounds".
TEST(Validation, IdsOutsideTheFile) {
  constexpr std::size_t ids_section_at = 104 + 8 + 128;  // header, one id, the attr
  const auto error_with = [](std::uint64_t offset, std::uint64_t size) {
    std::string bytes = recording().file_form();
    bytes.replace(ids_section_at, 16, ByteWriter().u64(offset).u64(size).str());
    auto opened = open_bytes(bytes);
    return opened.reader ? std::string("opened") : opened.reader.error().message;
  };
  const std::uint64_t end = recording().file_form().size();
  EXPECT_EQ(error_with(104, 8), "opened");
  EXPECT_THAT(error_with(104, end - 96), HasSubstr("the ids of an attr"));
  EXPECT_THAT(error_with(end - 7, 8), HasSubstr("(8 bytes at"));
  EXPECT_THAT(error_with(~0ULL, 8), HasSubstr("lie outside the file"));
  EXPECT_THAT(error_with(104, ~0ULL), HasSubstr("lie outside the file"));
}

// "feature section size".
TEST(Validation, SectionsOutsideTheFile) {
  const PerfDataBuilder data = with(feature::kHostname, ByteWriter().header_string("host").str());
  const std::string good = data.file_form();
  const std::size_t table_at = good.size() - [&] {
    std::size_t behind = 4 * 16;  // four sections' places, then what they hold
    for (const std::size_t size : {68U, 68U, 8U}) behind += size;
    return behind + 8 + 128 + 4 + 68 + 8;  // EVENT_DESC: counts, attr, count of ids, name, id
  }();
  const auto open_with = [&](std::uint64_t offset, std::uint64_t size) {
    std::string bytes = good;
    return open_bytes(bytes.replace(table_at, 16, ByteWriter().u64(offset).u64(size).str()));
  };
  auto whole = open_bytes(good);
  ASSERT_EQ(whole->info().hostname, "host");
  const std::uint64_t end = good.size();
  using Place = std::pair<std::uint64_t, std::uint64_t>;
  for (const auto& [offset, size] : {Place(end, 1), Place(0, end + 1), Place(~0ULL, 68), Place(104, ~0ULL)}) {
    auto damaged = open_with(offset, size);
    expect_rest_intact(*damaged.reader, 1);
    EXPECT_EQ(damaged->info().hostname, "");
  }
}

TEST(Validation, StringsLongerThanTheirSection) {
  for (const std::uint32_t length : {5U, 0x7fffffffU, 0xffffffffU}) {
    const std::string hostname = ByteWriter().u32(length).text("host").str();
    auto opened = open_bytes(with(feature::kHostname, hostname).file_form());
    expect_rest_intact(*opened.reader, 1);
    EXPECT_EQ(opened->info().hostname, "");
  }
  auto unterminated = open_bytes(with(feature::kHostname, ByteWriter().u32(4).text("host").str()).file_form());
  expect_rest_intact(*unterminated.reader, 0);
  EXPECT_EQ(unterminated->info().hostname, "host");
}

// "EVENT_DESC attr.size", and its other counts.
TEST(Validation, EventDescSizes) {
  const auto event_desc = [](std::uint32_t events, std::uint32_t attr_size, std::uint32_t ids) {
    ByteWriter out;
    out.u32(events).u32(attr_size).text(test_support::attr_bytes(kSwitch)).u32(ids);
    return out.header_string("a:name").u64(11).str();
  };
  auto good = open_bytes(with(feature::kEventDesc, event_desc(1, 128, 1)).file_form());
  expect_rest_intact(*good.reader, 0);
  EXPECT_EQ(good->attrs().at(0).name, "a:name");
  constexpr std::uint32_t most = 0xffffffff;
  for (const std::string& damaged :
       {event_desc(1, 0, 1), event_desc(1, 63, 1), event_desc(1, most, 1), event_desc(1, 136, 1), event_desc(2, 128, 1),
        event_desc(most, 128, 1), event_desc(1, 128, 2), event_desc(1, 128, most)}) {
    auto opened = open_bytes(with(feature::kEventDesc, damaged).file_form());
    expect_rest_intact(*opened.reader, 1);
    EXPECT_EQ(opened->attrs().at(0).name, "");
  }
}

// "CMDLINE argument count".
TEST(Validation, CommandLineCount) {
  for (const std::uint32_t count : {2U, 65536U, 0xffffffffU}) {
    const std::string words = ByteWriter().u32(count).header_string("perf").str();
    auto opened = open_bytes(with(feature::kCmdline, words).file_form());
    expect_rest_intact(*opened.reader, 1);
    EXPECT_THAT(opened->info().command_line, IsEmpty());
  }
  // As many words as are there, yet more than any command line has.
  const std::string empty_words = ByteWriter().u32(65537).zeros(4 * std::size_t{65537}).str();
  auto opened = open_bytes(with(feature::kCmdline, empty_words).file_form());
  expect_rest_intact(*opened.reader, 1);
}

// "nr_cpus_avail": at least one, and no more online than there are.
TEST(Validation, CpuCounts) {
  const auto open_with = [](std::uint32_t available, std::uint32_t online) {
    return open_bytes(with(feature::kNrcpus, ByteWriter().u32(available).u32(online).str()).file_form());
  };
  auto good = open_with(4, 2);
  expect_rest_intact(*good.reader, 0);
  EXPECT_EQ(good->info().cpus_available, 4U);
  EXPECT_EQ(good->info().cpus_online, 2U);
  for (const auto& [available, online] : {std::pair(0U, 0U), std::pair(2U, 4U), std::pair(0xffffffffU, 1U)}) {
    auto opened = open_with(available, online);
    expect_rest_intact(*opened.reader, 1);
    EXPECT_EQ(opened->info().cpus_available, 0U);
    EXPECT_EQ(opened->info().cpus_online, 0U);
  }
}

// "BUILD_ID entries", "CPU_TOPOLOGY", "NUMA_TOPOLOGY", "PMU_MAPPINGS", "MEM_TOPOLOGY" with its "bitmap size before
// alloc": none of these is read here, whatever sizes and counts it claims.
TEST(Validation, SectionsThatAreNotRead) {
  constexpr std::uint64_t build_id = 2;
  constexpr std::uint64_t cpu_topology = 13;
  constexpr std::uint64_t numa_topology = 14;
  constexpr std::uint64_t pmu_mappings = 16;
  constexpr std::uint64_t mem_topology = 22;
  for (const std::uint64_t bit : {build_id, cpu_topology, numa_topology, pmu_mappings, mem_topology}) {
    for (const char filler : {'\0', '\xff'}) expect_rest_intact(with(bit, std::string(48, filler)), 0);
    expect_rest_intact(with(bit, ""), 0);
  }
}

TEST(Validation, ASectionTooLargeToBeTrue) {
  constexpr std::size_t limit = 16U << 20U;
  const auto hostname_of = [](std::size_t size) {
    return ByteWriter().u32(static_cast<std::uint32_t>(size - 4)).text("host").pad_to(size).str();
  };
  auto large = open_bytes(with(feature::kHostname, hostname_of(limit)).file_form());
  expect_rest_intact(*large.reader, 0);
  EXPECT_EQ(large->info().hostname, "host");
  auto too_large = open_bytes(with(feature::kHostname, hostname_of(limit + 1)).file_form());
  expect_rest_intact(*too_large.reader, 1);
}

TEST(Validation, TracingDataTooLargeToBeTrue) {
  constexpr std::size_t limit = 64U << 20U;
  std::string section(limit + 1, '\0');
  auto opened = open_bytes(with(feature::kTracingData, std::move(section)).file_form());
  expect_rest_intact(*opened.reader, 1);
  EXPECT_THAT(opened->require_tracing_data().error().message, HasSubstr("more than any kernel has"));
}

}  // namespace
}  // namespace sockscope::perf_data

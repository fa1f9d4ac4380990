#include "parsers/perf_data/record_index.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "parsers/perf_data/record_indexer.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::bytes_of;
using test_support::PerfDataBuilder;
using test_support::record_bytes;
using test_support::SampleSpec;

const AttrSpec& spec() {
  static const AttrSpec attr{.config = 7, .ids = {1}, .name = "sys:it"};
  return attr;
}

const Session& session() {
  static const Session one = [] {
    Attr attr;
    attr.type = spec().type;
    attr.sample_type = spec().sample_type;
    attr.flags = spec().flags;
    attr.ids = {1};
    Attr other = attr;
    other.ids = {2};
    return Session({attr, other}, ByteOrder::kNative);
  }();
  return one;
}

std::string sample(std::uint64_t time_ns, std::uint32_t cpu = 0, std::string raw = "payload") {
  return test_support::sample_bytes(spec(), {.id = 1, .time_ns = time_ns, .cpu = cpu, .raw = std::move(raw)});
}

// What one thread finds that walks from the front to the end.
struct Reference {
  explicit Reference(Bytes region) : indexer(session()), stopped_at(indexer.walk(region)) {
    for (const Run& run : indexer.runs()) runs.add(run);
  }
  RecordIndexer indexer;
  const std::byte* stopped_at;
  RunIndex runs;
};

bool same_bytes(Bytes one, Bytes other) { return one.data() == other.data() && one.size() == other.size(); }

void expect_as_one_walk(const std::string& records) {
  const std::array regions{bytes_of(records)};
  const RecordIndex index = index_records(session(), regions);
  const Reference reference(regions[0]);
  const Counters expected = reference.indexer.counters();
  EXPECT_EQ(index.counters.records, expected.records);
  EXPECT_EQ(index.counters.samples, expected.samples);
  EXPECT_EQ(index.counters.out_of_order, expected.out_of_order);
  EXPECT_EQ(index.counters.lost_events, expected.lost_events);
  EXPECT_EQ(index.counters.malformed, expected.malformed);
  EXPECT_EQ(index.counters.truncated, reference.stopped_at != bytes_of(records).data() + records.size());
  ASSERT_EQ(index.runs.lanes().size(), reference.runs.lanes().size());
  for (std::size_t lane = 0; lane < index.runs.lanes().size(); ++lane) {
    const auto& ours = index.runs.lanes()[lane];
    const auto& theirs = reference.runs.lanes()[lane];
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t run = 0; run < ours.size(); ++run) EXPECT_TRUE(same_bytes(ours[run], theirs[run])) << run;
  }
}

constexpr std::size_t kLarge = 40UL * 1024 * 1024;

// Chunks of two CPUs in turn, as perf writes them, up to about `size` bytes.
std::string two_cpus(std::size_t size, std::uint64_t first_ns = 1'000) {
  std::string records;
  for (std::uint64_t time = first_ns; records.size() < size; time += 10'000) {
    for (const std::uint32_t cpu : {0U, 1U}) {
      for (std::uint64_t i = 0; i < 1000; ++i) records += sample(time + i * 10 + cpu, cpu);
    }
    records += record_bytes(record_type::kFinishedRound, "");
  }
  return records;
}

TEST(RecordIndex, OfALargeRegionIsThatOfOneWalk) { expect_as_one_walk(two_cpus(kLarge)); }

TEST(RecordIndex, APayloadThatLooksLikeRecordsDoesNotLeadItAstray) {
  // Wherever the second part is guessed to begin: within payloads of a hundred records each.
  std::string fake;
  for (int i = 0; i < 100; ++i) fake += sample(1, 5);  // of a CPU of their own, whose times speak for them
  std::string records;
  for (std::uint64_t time = 1'000; records.size() < kLarge; time += 10) records += sample(time, 0, "abcd" + fake);
  expect_as_one_walk(records);
}

TEST(RecordIndex, TimesThatGoBackFromOnePartToTheNextAreCounted) {
  expect_as_one_walk(two_cpus(kLarge / 2, 1'000'000'000) + two_cpus(kLarge / 2, 1'000));
}

TEST(RecordIndex, DamageInAnyPartEndsItThere) {
  const std::string broken = test_support::record_with_size(9, "", 3);
  expect_as_one_walk(two_cpus(kLarge / 4) + broken + two_cpus(kLarge));
  expect_as_one_walk(two_cpus(kLarge) + broken + two_cpus(kLarge / 4, 1'000'000'000'000));
}

TEST(RecordIndex, LossesOfAllPartsAddUp) {
  const auto lost = [](std::uint64_t count) {
    return test_support::kernel_record_bytes(record_type::kLost, test_support::ByteWriter().u64(1).u64(count).str(),
                                             spec(), {.id = 1, .time_ns = 0});
  };
  const std::string records = lost(3) + two_cpus(kLarge) + lost(4);
  const std::array regions{bytes_of(records)};
  EXPECT_EQ(index_records(session(), regions).counters.lost_events, 7U);
  expect_as_one_walk(records);
}

TEST(RecordIndex, SaysThatRecordsAreCompressedWhereverTheyAre) {
  const std::string records = two_cpus(kLarge) + record_bytes(record_type::kCompressed, "12345678");
  const std::array regions{bytes_of(records)};
  EXPECT_TRUE(index_records(session(), regions).is_compressed);
  EXPECT_FALSE(index_records(session(), std::array{bytes_of(records).first(1000 * 96)}).is_compressed);
}

TEST(RecordIndex, EachRegionIsCountedAndOneMayBeCutOff) {
  const std::string one = sample(10) + sample(20);
  const std::string two = sample(15) + sample(25) + "tail";
  const std::array regions{bytes_of(one), bytes_of(two)};
  const RecordIndex index = index_records(session(), regions);
  EXPECT_EQ(index.counters.records, 4U);
  EXPECT_TRUE(index.counters.truncated);
  EXPECT_EQ(index.runs.lanes().size(), 2U);
}

}  // namespace
}  // namespace sockscope::perf_data

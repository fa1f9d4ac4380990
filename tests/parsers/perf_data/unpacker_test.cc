#include "parsers/perf_data/unpacker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/zstd_stream.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;
using test_support::overflowed_compressed2;
using test_support::PerfDataBuilder;
using test_support::record_bytes;
using test_support::ZstdStream;

struct Outcome {
  std::string records;
  bool broken = false;
};

Outcome unpack(std::string_view region) {
  Outcome outcome;
  Unpacker unpacker(ByteOrder::kNative, [&](Bytes records) -> Result<> {
    outcome.records.append(as_text(records));
    return {};
  });
  EXPECT_TRUE(unpacker.unpack(bytes_of(region)));
  outcome.broken = unpacker.broken();
  return outcome;
}

// Three records of 24, 16 and 40 bytes.
std::string three_records() {
  return record_bytes(9, "sixteen bytes...") + record_bytes(3, "8 bytes.") +
         record_bytes(9, "a body that has thirty-two bytes");
}

// Records whose bytes do not repeat, so that they hardly get smaller.
std::string random_records(std::size_t size) {
  std::string records;
  std::uint64_t state = 1;
  while (records.size() < size) {
    ByteWriter body;
    for (int i = 0; i < 100; ++i) body.u64(state = state * 6364136223846793005U + 1442695040888963407U);
    records += record_bytes(9, body.str());
  }
  return records;
}

const std::string kRound = record_bytes(record_type::kFinishedRound, "");

TEST(Unpacker, GivesTheRecordsBackWhereverTheChunksEnd) {
  const std::string records = three_records();
  for (std::size_t cut = 1; cut < records.size(); ++cut) {
    ZstdStream first;
    std::string region = first.compressed(records.substr(0, cut));
    region += first.compressed(records.substr(cut));
    const Outcome one = unpack(region);
    EXPECT_EQ(one.records, records) << cut;
    EXPECT_FALSE(one.broken) << cut;
    ZstdStream second;
    region = second.compressed2(records.substr(0, cut));
    region += second.compressed2(records.substr(cut));
    const Outcome two = unpack(region);
    EXPECT_EQ(two.records, records) << cut;
    EXPECT_FALSE(two.broken) << cut;
  }
}

TEST(Unpacker, LeavesPlainRecordsInTheirPlace) {
  ZstdStream stream;
  const std::string records = three_records();
  std::string region = kRound + stream.compressed(records) + kRound;
  region += stream.compressed(records) + kRound;
  const Outcome outcome = unpack(region);
  EXPECT_EQ(outcome.records, kRound + records + kRound + records + kRound);
  EXPECT_FALSE(outcome.broken);
}

TEST(Unpacker, APlainRecordDoesNotEndTheOneThatIsHalfUnpacked) {
  ZstdStream stream;
  const std::string records = three_records();
  std::string region = stream.compressed(records.substr(0, 30)) + kRound;
  region += stream.compressed(records.substr(30));
  const Outcome outcome = unpack(region);
  EXPECT_EQ(outcome.records, records.substr(0, 24) + kRound + records.substr(24));
}

TEST(Unpacker, ReadsTheSizesThatPerf616LetsOverflow) {
  ZstdStream stream;
  const std::string records = random_records(200'000);
  const std::string packed = stream.pack(records);
  ASSERT_GT(packed.size(), 3U * 65519);
  // Rounded up, 65,521 to 65,528 bytes with their head are 65,544 or less: 65,519 is the first that overflows.
  for (const std::size_t first : {65513U, 65515U, 65519U, 65520U, 65536U, 131072U}) {
    const std::string region =
        overflowed_compressed2(packed.substr(0, first)) + kRound + overflowed_compressed2(packed.substr(first));
    const Outcome outcome = unpack(region);
    EXPECT_FALSE(outcome.broken) << first;
    EXPECT_EQ(outcome.records.size(), records.size() + kRound.size()) << first;
  }
}

TEST(Unpacker, KeepsWhatPrecedesTheDamage) {
  ZstdStream stream;
  const std::string records = three_records();
  const std::string good = stream.compressed(records);
  for (const std::string& bad :
       {record_bytes(record_type::kCompressed, "no zstd, this"),
        record_bytes(record_type::kCompressed2, ByteWriter().u64(99).u64(0).str()),
        record_bytes(record_type::kCompressed2, "short"), stream.compressed(ByteWriter().u64(0).str()),
        stream.compressed("half"), kRound.substr(0, 5)}) {
    const Outcome outcome = unpack(good + bad);
    EXPECT_EQ(outcome.records, records);
    EXPECT_TRUE(outcome.broken);
  }
}

TEST(Unpacker, RefusesWhatUnpacksToTooMuch) {
  // Records of nothing but spaces: their size, 0x2020, makes sense.
  ZstdStream stream;
  const std::string bomb = stream.compressed(std::string(0x2020 * 4000, ' '));
  ASSERT_LT(bomb.size(), 0x2020U * 4000 / Unpacker::kMaxRatio);
  const Outcome outcome = unpack(bomb);
  EXPECT_TRUE(outcome.broken);
  EXPECT_LT(outcome.records.size(), bomb.size() * Unpacker::kMaxRatio + 1'000'000);
}

TEST(Unpacker, PassesTheSinksFailureOn) {
  Unpacker unpacker(ByteOrder::kNative, [](Bytes) -> Result<> { return fail(ErrorKind::kEnvironment, "full"); });
  const auto done = unpacker.unpack(bytes_of(kRound));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
}

// A compressed recording reads as the plain one.
TEST(CompressedRecording, ReadsAsThePlainOne) {
  PerfDataBuilder plain;
  plain.attr({.config = 7, .ids = {1}, .name = "sys:it"}).attr({.config = 8, .ids = {2}, .name = "sys:other"});
  for (std::uint64_t i = 0; i < 100; ++i) {
    plain.sample({.id = 1 + i % 2,
                  .time_ns = 1000 + i * 10 - i % 3 * 15,
                  .cpu = static_cast<std::uint32_t>(i % 2),
                  .raw = "payload"});
  }
  plain.lost(3, {.id = 1, .time_ns = 5000});
  PerfDataBuilder packed;
  packed.attr({.config = 7, .ids = {1}, .name = "sys:it"}).attr({.config = 8, .ids = {2}, .name = "sys:other"});
  ZstdStream stream;
  for (std::size_t at = 0; at < plain.records().size(); at += 777) {
    packed.record(stream.compressed(plain.records().substr(at, 777))).finished_round();
  }
  for (const bool is_pipe : {false, true}) {
    const std::string of_plain = is_pipe ? plain.pipe_form() : plain.file_form();
    const std::string of_packed = is_pipe ? packed.pipe_form() : packed.file_form();
    const auto one = Reader::read(bytes_of(of_plain), "plain");
    const auto other = Reader::read(bytes_of(of_packed), "packed");
    ASSERT_TRUE(one && other);
    EXPECT_EQ(other->counters().samples, 100U);
    EXPECT_EQ(other->counters().lost_events, 3U);
    EXPECT_FALSE(other->counters().truncated);
    std::vector<std::uint64_t> times;
    auto stream_of_other = other->records();
    while (const Record* record = stream_of_other.next()) {
      if (record->type == record_type::kSample) times.push_back(record->time_ns);
    }
    EXPECT_TRUE(std::ranges::is_sorted(times));
    std::vector<std::uint64_t> expected;
    auto stream_of_one = one->records();
    while (const Record* record = stream_of_one.next()) {
      if (record->type == record_type::kSample) expected.push_back(record->time_ns);
    }
    EXPECT_EQ(times, expected);
  }
}

}  // namespace
}  // namespace sockscope::perf_data

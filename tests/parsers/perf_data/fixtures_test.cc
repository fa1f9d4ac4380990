#include "tests/parsers/fixtures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"

// Recordings of perf 3.2 to 6.16, of five makers.
namespace sockscope::perf_data {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// What the manifest says wrongly or not at all: the corpus is damage by design and has its own test.
bool is_recording(const ManifestRow& row) { return row.file.find("corpus__") == std::string::npos; }

void expect_as_in(const ManifestRow& row, const Reader& reader) {
  SCOPED_TRACE(row.file);
  EXPECT_EQ(reader.info().form, row.kind == "pipe" ? Form::kPipe : Form::kFile);
  EXPECT_EQ(reader.attrs().size(), row.attrs);
  const Counters& counters = reader.counters();
  EXPECT_EQ(counters.records, row.records);
  EXPECT_EQ(counters.samples, row.samples);
  EXPECT_EQ(counters.out_of_order, 0U);
  EXPECT_EQ(counters.skipped + counters.unknown_ids + counters.malformed + counters.bad_sections, 0U);
  EXPECT_EQ(reader.tracing_data() != nullptr ? reader.tracing_data()->formats.size() : 0, row.formats);
  if (!reader.info().killed) {
    EXPECT_EQ(reader.info().osrelease, row.osrelease);
    EXPECT_EQ(reader.info().perf_version, row.perf_version);
  }
}

// Every record comes, and no time is older than the one before it.
void expect_whole_and_in_order(const Reader& reader) {
  std::uint64_t count = 0;
  std::uint64_t latest = 0;
  auto stream = reader.records();
  while (const Record* record = stream.next()) {
    ++count;
    if (record->time_ns == 0) continue;
    ASSERT_GE(record->time_ns, latest) << "record " << count;
    latest = record->time_ns;
  }
  EXPECT_EQ(count, reader.counters().records);
}

TEST(Fixtures, EveryRecordingReadsAsTheManifestSays) {
  SOCKSCOPE_NEEDS_FIXTURE("MANIFEST.tsv");
  std::size_t read = 0;
  for (const ManifestRow& row : read_manifest()) {
    if (!is_recording(row) || row.compressed_records > 0) continue;
    ASSERT_EQ(std::filesystem::file_size(fixture(row.file)), row.bytes) << row.file;
    const auto reader = Reader::open(fixture(row.file));
    ASSERT_TRUE(reader) << reader.error().message;
    expect_as_in(row, *reader);
    expect_whole_and_in_order(*reader);
    ++read;
  }
  EXPECT_EQ(read, 15U) << "all but the two compressed ones";
}

TEST(Fixtures, CompressedRecordingsAreUnpacked) {
  SOCKSCOPE_NEEDS_FIXTURE("linux-perf-data");
  // As zstd's own program unpacks them: the records beside the compressed ones, and 14 and 13 inside of these.
  const auto expect_records = [](const char* name, std::uint64_t records, std::uint64_t samples) {
    const auto reader = Reader::open(fixture(name));
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->counters().records, records) << name;
    EXPECT_EQ(reader->counters().samples, samples) << name;
    EXPECT_FALSE(reader->counters().truncated) << name;
    expect_whole_and_in_order(*reader);
  };
  expect_records("linux-perf-data/sleep.compressed.data", 81 + 14, 8);
  expect_records("linux-perf-data/sleep.compressed2.data", 7 + 13, 7);
}

TEST(Fixtures, TheZeroSizeSampleKeepsWhatPrecedesIt) {
  SOCKSCOPE_NEEDS_FIXTURE("google");
  const auto reader = Reader::open(fixture("google/perf.data.piped.corrupted.zero_size_sample-3.2"));
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->counters().records, 570U);
  EXPECT_TRUE(reader->counters().truncated);
  EXPECT_EQ(all_records(*reader).size(), 570U);
}

TEST(Fixtures, LostSamplesOfKernel44AreCountedByEvent) {
  SOCKSCOPE_NEEDS_FIXTURE("google");
  const auto reader = Reader::open(fixture("google/perf.data.lost_samples-4.4"));
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->counters().lost_events, 2U);
  EXPECT_THAT(reader->counters().lost_by_event, ElementsAre(Pair("branch-instructions:pp", 1), Pair("cycles:pp", 1)));
}

TEST(Fixtures, AKilledFileKeepsItsRecordsAndSaysWhatIsGone) {
  SOCKSCOPE_NEEDS_FIXTURE("own-6.18");
  const auto reader = Reader::open(fixture("own-6.18/killed.data"));
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(reader->info().killed);
  EXPECT_EQ(reader->counters().samples, 7604U);
  EXPECT_THAT(reader->require_tracing_data().error().message, HasSubstr("killed perf"));
}

TEST(Fixtures, TheCommandAndTheClockAreTold) {
  SOCKSCOPE_NEEDS_FIXTURE("own-6.18");
  for (const char* name : {"own-6.18/tcpudp.data", "own-6.18/tcpudp.pipe.data"}) {
    const auto reader = Reader::open(fixture(name));
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->info().clockid, 1) << "recorded with -k CLOCK_MONOTONIC";
    EXPECT_TRUE(reader->info().clock_reference);
    EXPECT_EQ(reader->info().arch, "x86_64");
    EXPECT_EQ(reader->info().cpus_online, 2U);
    ASSERT_GE(reader->info().command_line.size(), 2U);
    EXPECT_EQ(reader->info().command_line[1], "record");
  }
}

TEST(Fixtures, NothingOfTheFuzzCorpusIsReadAsWhole) {
  SOCKSCOPE_NEEDS_FIXTURE("google");
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(fixture("google"))) {
    if (!entry.path().filename().string().starts_with("corpus__")) continue;
    ++seen;
    const auto reader = Reader::open(entry.path());
    if (!reader) {
      EXPECT_EQ(reader.error().kind, ErrorKind::kInput);
      continue;
    }
    EXPECT_TRUE(reader->counters().truncated) << entry.path();
    EXPECT_LE(all_records(*reader).size(), reader->counters().records);
  }
  EXPECT_EQ(seen, 8U);
}

}  // namespace
}  // namespace sockscope::perf_data

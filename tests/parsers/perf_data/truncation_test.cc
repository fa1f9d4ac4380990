#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/tracing_data_builder.h"

// A recording that ends early, wherever that is: the disk was full, perf was killed, a copy stopped. Everything before
// the record that is cut is kept, and the reader says that something is missing.
namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::PerfDataBuilder;
using test_support::sample_bytes;
using ::testing::ElementsAreArray;

constexpr std::size_t kSamples = 6;
constexpr std::size_t kCutSamples = 3;

const AttrSpec kAttr{.config = 372, .ids = {11}, .name = "sched:sched_switch"};

std::string name_of_sample(std::size_t index) { return "sample " + std::string(index + 1, 'x'); }

std::string bytes_of_sample(std::size_t index) {
  return sample_bytes(kAttr, {.id = 11, .time_ns = 100 + index, .raw = name_of_sample(index)});
}

std::string recording(bool pipe, bool killed) {
  PerfDataBuilder data;
  data.attr(kAttr).tracing_data(test_support::tracing_data_bytes({}));
  for (std::size_t i = 0; i < kSamples; ++i) data.record(bytes_of_sample(i));
  return pipe ? data.pipe_form() : data.file_form({.killed = killed});
}

struct Kind {
  std::string name;
  bool pipe = false;
  bool killed = false;
  bool says_its_size = false;  ///< The header says how long the records are: any cut shows.
};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class Truncation : public ::testing::TestWithParam<Kind> {
 protected:
  const std::string whole = recording(GetParam().pipe, GetParam().killed);
};

INSTANTIATE_TEST_SUITE_P(Kinds, Truncation,
                         ::testing::Values(Kind{.name = "File", .says_its_size = true},
                                           Kind{.name = "Killed", .killed = true}, Kind{.name = "Pipe", .pipe = true}),
                         [](const auto& test) { return test.param.name; });

TEST_P(Truncation, AtEveryByteOfTheLastRecords) {
  std::size_t record_at = whole.find(bytes_of_sample(kSamples - kCutSamples));
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < kSamples - kCutSamples; ++i) kept.push_back(name_of_sample(i));
  for (std::size_t cut_sample = kSamples - kCutSamples; cut_sample < kSamples; ++cut_sample) {
    const std::size_t size = bytes_of_sample(cut_sample).size();
    for (std::size_t left = 0; left < size; ++left) {
      SCOPED_TRACE("sample " + std::to_string(cut_sample) + " cut to " + std::to_string(left) + " bytes");
      auto opened = open_bytes(std::string_view(whole).substr(0, record_at + left));
      ASSERT_TRUE(opened.reader) << opened.reader.error().message;
      EXPECT_THAT(payloads(*opened.reader), ElementsAreArray(kept));
      EXPECT_EQ(opened->counters().samples, kept.size());
      EXPECT_EQ(opened->counters().truncated, left != 0 || GetParam().says_its_size);
      EXPECT_EQ(opened->counters().malformed + opened->counters().bad_sections, 0U);
      EXPECT_EQ(opened->tracing_data() != nullptr, GetParam().pipe) << "a file's formats are behind its records";
    }
    record_at += size;
    kept.push_back(name_of_sample(cut_sample));
  }
}

TEST_P(Truncation, NothingIsMissingFromTheWhole) {
  auto opened = open_bytes(whole);
  EXPECT_EQ(payloads(*opened.reader).size(), kSamples);
  EXPECT_FALSE(opened->counters().truncated);
}

}  // namespace
}  // namespace sockscope::perf_data

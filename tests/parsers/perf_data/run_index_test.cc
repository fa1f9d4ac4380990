#include "parsers/perf_data/run_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/byte_writer.h"

namespace sockscope::perf_data {
namespace {

using test_support::bytes_of;

// Records of one byte each, so that a run reads as the text of its records.
class RunIndexTest : public testing::Test {
 protected:
  std::vector<std::vector<std::string>> lanes_of(const std::vector<std::uint64_t>& times) {
    text.clear();
    for (std::size_t i = 0; i < times.size(); ++i) text.push_back(static_cast<char>('a' + i % 26));
    RunIndex index;
    perf_data::Run run{.records = bytes_of(text).first(0)};
    for (std::size_t i = 0; i < times.size(); ++i) {
      if (times[i] != 0 && times[i] < run.last_ns) {
        index.add(run);
        run = {.records = bytes_of(text).subspan(i, 0)};
      }
      run.records = Bytes(run.records.data(), run.records.size() + 1);
      if (run.first_ns == 0) run.first_ns = times[i];
      if (times[i] != 0) run.last_ns = times[i];
    }
    if (!run.records.empty()) index.add(run);
    std::vector<std::vector<std::string>> lanes;
    for (const RunIndex::Lane& lane : index.lanes()) {
      lanes.emplace_back();
      for (const Bytes records : lane) lanes.back().emplace_back(as_text(records));
    }
    return lanes;
  }

  std::string text;
};

using Lanes = std::vector<std::vector<std::string>>;

TEST_F(RunIndexTest, AFileInOrderIsOneRun) { EXPECT_EQ(lanes_of({1, 2, 2, 5, 9}), (Lanes{{"abcde"}})); }

TEST_F(RunIndexTest, ChunksOfTwoCpusBecomeTwoLanes) {
  //                   cpu 0     cpu 1       cpu 0       cpu 1
  EXPECT_EQ(lanes_of({10, 20, 11, 19, 30, 21, 40, 41, 31, 45}), (Lanes{{"ab", "fgh"}, {"cde", "ij"}}));
}

TEST_F(RunIndexTest, ALateRecordGetsALaneOfItsOwn) { EXPECT_EQ(lanes_of({10, 20, 15, 30}), (Lanes{{"ab"}, {"cd"}})); }

TEST_F(RunIndexTest, ARunGoesToTheLaneThatEndsLatestBeforeIt) {
  // The fourth run (50) could follow the first or the second; only behind the first it leaves room for the fifth (25).
  EXPECT_EQ(lanes_of({10, 30, 5, 20, 15, 100, 50, 200, 25}), (Lanes{{"ab", "gh"}, {"cd", "i"}, {"ef"}}));
}

TEST_F(RunIndexTest, WhatHasNoTimeStaysWithItsNeighbours) {
  EXPECT_EQ(lanes_of({0, 0, 10, 20, 0, 11, 0, 30}), (Lanes{{"abcde"}, {"fgh"}}));
}

TEST_F(RunIndexTest, OneWildTimeDoesNotHoldUpTheRest) {
  EXPECT_EQ(lanes_of({10, 1'000'000'000, 20, 30, 40}), (Lanes{{"ab"}, {"cde"}}));
}

TEST_F(RunIndexTest, LanesAreBounded) {
  std::vector<std::uint64_t> times;
  for (std::uint64_t time = 3 * RunIndex::kMaxLanes; time > 0; --time) times.push_back(time);
  const Lanes lanes = lanes_of(times);
  EXPECT_EQ(lanes.size(), RunIndex::kMaxLanes);
  std::size_t records = 0;
  for (const auto& lane : lanes) {
    for (const std::string& run : lane) records += run.size();
  }
  EXPECT_EQ(records, times.size());
}

TEST_F(RunIndexTest, AnEmptyFileHasNoLanes) { EXPECT_TRUE(lanes_of({}).empty()); }

}  // namespace
}  // namespace sockscope::perf_data

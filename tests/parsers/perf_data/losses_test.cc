#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::PerfDataBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class Losses : public testing::Test {
 protected:
  Losses() {
    data.attr({.config = 372, .ids = {11, 12}, .name = "sched:sched_switch"});
    data.attr({.config = 2302, .ids = {13}, .name = "net:netif_rx"});
    data.sample({.id = 11, .time_ns = 5, .raw = "x"});
  }

  Counters counters() { return open_bytes(data.file_form())->counters(); }

  PerfDataBuilder data;
};

TEST_F(Losses, NoneIsNone) {
  EXPECT_EQ(counters().lost_events, 0U);
  EXPECT_THAT(counters().lost_by_event, IsEmpty());
}

TEST_F(Losses, LostRecordsAddUpButNameNoEvent) {
  data.lost(100, {.id = 11, .time_ns = 6}).lost(20, {.id = 13, .time_ns = 7, .cpu = 1});
  EXPECT_EQ(counters().lost_events, 120U);
  EXPECT_THAT(counters().lost_by_event, IsEmpty());
}

TEST_F(Losses, LostSamplesCountByEvent) {
  data.lost_samples(70, {.id = 11})
      .lost_samples(30, {.id = 12})
      .lost_samples(5, {.id = 13})
      .lost_samples(0, {.id = 13});
  EXPECT_EQ(counters().lost_events, 105U);
  EXPECT_THAT(counters().lost_by_event, ElementsAre(Pair("net:netif_rx", 5), Pair("sched:sched_switch", 100)));
}

TEST_F(Losses, TheTwoCountsOfOneLossAreNeverAdded) {
  data.lost(100, {.id = 11, .time_ns = 6});
  ASSERT_EQ(counters().lost_events, 100U);
  data.lost_samples(103, {.id = 11});
  EXPECT_EQ(counters().lost_events, 103U);
}

TEST_F(Losses, WhatAFilterDroppedIsNotLost) {
  data.lost_samples(9, {.id = 11}, record_misc::kLostSamplesBpf);
  EXPECT_EQ(counters().lost_events, 0U);
  data.lost(4, {.id = 11, .time_ns = 6});
  EXPECT_EQ(counters().lost_events, 4U) << "and it does not stand in for LOST either";
}

TEST_F(Losses, AnEventThatTheFileDoesNotNameIsCountedAllTheSame) {
  data.lost_samples(8, {.id = 99});
  EXPECT_EQ(counters().lost_events, 8U);
  EXPECT_THAT(counters().lost_by_event, ElementsAre(Pair("(unknown event)", 8)));
}

TEST_F(Losses, ADamagedCountDoesNotWrapRound) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  data.lost(max, {.id = 11, .time_ns = 6}).lost(2, {.id = 11, .time_ns = 7});
  EXPECT_EQ(counters().lost_events, max);
}

}  // namespace
}  // namespace sockscope::perf_data

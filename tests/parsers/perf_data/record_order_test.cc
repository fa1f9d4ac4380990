#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::PerfDataBuilder;
using test_support::SampleSpec;
using ::testing::ElementsAre;

PerfDataBuilder one_event() {
  PerfDataBuilder data;
  data.attr({.config = 372, .ids = {11}, .name = "sched:sched_switch"});
  return data;
}

SampleSpec at(std::uint64_t time_ns, std::uint32_t cpu, std::string raw) {
  return {.id = 11, .time_ns = time_ns, .cpu = cpu, .raw = std::move(raw)};
}

TEST(RecordOrder, MergesTheChunksOfTwoCpus) {
  PerfDataBuilder data = one_event();
  data.sample(at(10, 0, "a")).sample(at(40, 0, "d"));
  data.sample(at(20, 1, "b")).sample(at(30, 1, "c")).sample(at(70, 1, "g"));
  data.finished_round();
  data.sample(at(50, 0, "e")).sample(at(60, 0, "f")).sample(at(80, 0, "h"));
  auto opened = open_bytes(data.file_form());
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("a", "b", "c", "d", "e", "f", "g", "h"));
  EXPECT_EQ(opened->counters().out_of_order, 0U);
}

TEST(RecordOrder, ACopyGoesOnWhereTheOriginalWas) {
  PerfDataBuilder data = one_event();
  data.sample(at(10, 0, "a")).sample(at(40, 0, "d"));
  data.sample(at(20, 1, "b")).sample(at(30, 1, "c")).sample(at(70, 1, "e"));
  auto opened = open_bytes(data.file_form());
  for (std::size_t taken = 0; taken <= 5; ++taken) {
    auto original = opened.reader->records();
    for (std::size_t i = 0; i < taken; ++i) ASSERT_NE(original.next(), nullptr);
    RecordStream copy = opened.reader->records();
    copy = RecordStream(original);
    while (original.next() != nullptr) {
    }
    std::string rest;
    while (const Record* const record = copy.next()) rest += as_text(record->payload).substr(0, 1);
    EXPECT_EQ(rest, std::string("abcde").substr(taken));
  }
}

TEST(RecordOrder, EqualTimesKeepTheOrderOfTheFile) {
  PerfDataBuilder data = one_event();
  data.sample(at(10, 0, "a")).sample(at(20, 0, "b")).sample(at(20, 0, "c"));
  data.sample(at(10, 1, "d")).sample(at(20, 1, "e"));
  auto opened = open_bytes(data.file_form());
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("a", "d", "b", "c", "e"));
}

TEST(RecordOrder, AnInversionWithinACpuIsCountedAndPutRight) {
  PerfDataBuilder data = one_event();
  data.sample(at(10, 0, "a")).sample(at(30, 0, "c"));
  ASSERT_EQ(open_bytes(data.file_form())->counters().out_of_order, 0U);
  data.sample(at(20, 0, "b")).sample(at(40, 0, "d"));
  auto opened = open_bytes(data.file_form());
  EXPECT_EQ(opened->counters().out_of_order, 1U);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("a", "b", "c", "d"));
}

TEST(RecordOrder, NeedsNoCpuNumber) {
  PerfDataBuilder data;
  data.attr({.sample_type = sample_bit::kTime | sample_bit::kRaw, .ids = {11}});
  data.sample(at(10, 0, "a")).sample(at(30, 0, "c")).sample(at(20, 0, "b")).sample(at(40, 0, "d"));
  auto opened = open_bytes(data.file_form());
  EXPECT_EQ(opened->counters().out_of_order, 0U) << "no CPU, no order within it to break";
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("a", "b", "c", "d"));
}

TEST(RecordOrder, WhatHasNoTimeComesInItsPlace) {
  PerfDataBuilder data = one_event();
  data.comm("already", {.time_ns = 0, .pid = 1, .tid = 1});
  data.comm("running", {.time_ns = ~0ULL, .pid = 2, .tid = 2});
  data.sample(at(20, 0, "b")).sample(at(30, 0, "c"));
  data.sample(at(10, 1, "a"));
  data.finished_round();
  auto opened = open_bytes(data.file_form());
  std::vector<std::uint64_t> times;
  for (const Record& record : all_records(*opened.reader)) times.push_back(record.time_ns);
  EXPECT_THAT(times, ElementsAre(0, 0, 10, 0, 20, 30)) << "COMM, COMM, a, FINISHED_ROUND in a's chunk, b, c";
}

TEST(RecordOrder, ManyCpusWithManyChunks) {
  constexpr std::uint64_t cpus = 40;
  constexpr std::uint64_t rounds = 25;
  constexpr std::uint64_t per_chunk = 4;
  PerfDataBuilder data = one_event();
  for (std::uint64_t round = 0; round < rounds; ++round) {
    for (std::uint64_t cpu = 0; cpu < cpus; ++cpu) {
      for (std::uint64_t i = 0; i < per_chunk; ++i) {
        const std::uint64_t time_ns = 1 + (round * per_chunk + i) * cpus + (cpu * 7) % cpus;
        data.sample(at(time_ns, static_cast<std::uint32_t>(cpu), ""));
      }
    }
    data.finished_round();
  }
  auto opened = open_bytes(data.file_form());
  std::uint64_t expected = 0;
  for (const Record& record : all_records(*opened.reader)) {
    if (record.type != record_type::kSample) continue;
    ASSERT_EQ(record.time_ns, ++expected);
    ASSERT_EQ(std::uint64_t{record.cpu} * 7 % cpus, (record.time_ns - 1) % cpus);
  }
  EXPECT_EQ(expected, cpus * rounds * per_chunk);
  EXPECT_EQ(opened->counters().out_of_order, 0U);
}

TEST(RecordOrder, ReverseOrderBeyondAllLanesStillDeliversEverything) {
  constexpr std::uint64_t sample_count = 3000;
  PerfDataBuilder data = one_event();
  for (std::uint64_t time_ns = sample_count; time_ns > 0; --time_ns) data.sample(at(time_ns, 0, ""));
  auto opened = open_bytes(data.file_form());
  EXPECT_EQ(opened->counters().out_of_order, sample_count - 1);
  EXPECT_EQ(all_records(*opened.reader).size(), sample_count);
}

TEST(RecordOrder, TwoStreamsAreIndependent) {
  PerfDataBuilder data = one_event();
  data.sample(at(20, 0, "b")).sample(at(10, 1, "a"));
  auto opened = open_bytes(data.file_form());
  auto first = opened->records();
  auto second = opened->records();
  EXPECT_EQ(first.next()->time_ns, 10U);
  EXPECT_EQ(first.next()->time_ns, 20U);
  EXPECT_EQ(second.next()->time_ns, 10U);
  EXPECT_EQ(first.next(), nullptr);
  EXPECT_EQ(first.next(), nullptr);
  EXPECT_EQ(second.next()->time_ns, 20U);
}

}  // namespace
}  // namespace sockscope::perf_data

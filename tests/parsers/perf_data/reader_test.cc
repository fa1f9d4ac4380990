#include "parsers/perf_data/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "parsers/perf_data/comm_record.h"
#include "parsers/perf_data/switch_record.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::ByteWriter;
using test_support::PerfDataBuilder;
using test_support::record_bytes;
using test_support::SampleSpec;
using test_support::tracing_data_bytes;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

PerfDataBuilder two_events() {
  PerfDataBuilder data;
  data.attr({.config = 372, .ids = {11, 12}, .name = "sched:sched_switch"});
  data.attr({.config = 2302, .ids = {13, 14}, .name = "net:netif_rx"});
  return data;
}

// Both forms of the same recording must read alike.
class EitherForm : public testing::TestWithParam<Form> {
 protected:
  static Opened open(const PerfDataBuilder& data) {
    return open_bytes(GetParam() == Form::kFile ? data.file_form() : data.pipe_form());
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, EitherForm, testing::Values(Form::kFile, Form::kPipe), form_name);

TEST_P(EitherForm, ReadsASampleWithAllThatIsKnownOfIt) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 13, .time_ns = 1000, .cpu = 1, .pid = 42, .tid = 43, .raw = "payload"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader) << opened.reader.error().message;
  EXPECT_EQ(opened->info().form, GetParam());
  EXPECT_FALSE(opened->info().killed);

  const auto records = all_records(*opened.reader);
  const Record& record = records.back();
  EXPECT_EQ(record.type, record_type::kSample);
  EXPECT_EQ(record.time_ns, 1000U);
  EXPECT_EQ(record.cpu, 1U);
  EXPECT_EQ(record.pid, 42);
  EXPECT_EQ(record.tid, 43);
  EXPECT_EQ(as_text(record.payload), std::string_view("payload\0\0\0\0\0", 12));
  ASSERT_EQ(record.attr, 1U);
  EXPECT_EQ(opened->attrs()[record.attr].name, "net:netif_rx");
  EXPECT_EQ(opened->attrs()[record.attr].config, 2302U);
  EXPECT_EQ(opened->attrs()[record.attr].ids, (std::vector<std::uint64_t>{13, 14}));
  EXPECT_EQ(opened->counters().samples, 1U);
  EXPECT_FALSE(opened->counters().truncated);
}

TEST_P(EitherForm, CarriesTheTracingData) {
  PerfDataBuilder data = two_events();
  data.tracing_data(tracing_data_bytes({{"sched", "name: sched_switch\n"}})).finished_round();
  auto opened = open(data);
  ASSERT_TRUE(opened.reader) << opened.reader.error().message;
  ASSERT_NE(opened->tracing_data(), nullptr);
  ASSERT_EQ(opened->tracing_data()->formats.size(), 1U);
  EXPECT_EQ(opened->tracing_data()->formats[0].text, "name: sched_switch\n");
  EXPECT_EQ(opened->require_tracing_data(), opened->tracing_data());
  EXPECT_EQ(opened->counters().bad_sections, 0U);
}

TEST_P(EitherForm, ReadsAttrsOfEverySize) {
  for (const std::uint32_t size : {64U, 96U, 112U, 128U, 136U, 144U, 256U}) {
    PerfDataBuilder data;
    data.attr({.config = 1, .size = size, .ids = {7}}).attr({.config = 2, .size = size, .ids = {8}});
    data.sample({.id = 8, .time_ns = 5, .raw = "x"});
    auto opened = open(data);
    ASSERT_TRUE(opened.reader) << size << opened.reader.error().message;
    ASSERT_EQ(opened->attrs().size(), 2U) << size;
    EXPECT_EQ(opened->attrs()[1].config, 2U) << size;
    EXPECT_EQ(all_records(*opened.reader).back().attr, 1U) << size;
  }
}

TEST_P(EitherForm, OneAttrNeedsNoIds) {
  PerfDataBuilder data;
  data.attr({.sample_type = sample_bit::kTime | sample_bit::kRaw});
  data.sample({.time_ns = 5, .raw = "only"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader) << opened.reader.error().message;
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("only"));
  EXPECT_EQ(all_records(*opened.reader).back().attr, 0U);
  EXPECT_EQ(opened->counters().unknown_ids, 0U);
}

TEST_P(EitherForm, AnUnknownIdIsCountedAndNotGuessed) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "known"}).sample({.id = 99, .time_ns = 6, .raw = "unknown"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->counters().unknown_ids, 1U);
  const auto records = all_records(*opened.reader);
  EXPECT_EQ(records.at(records.size() - 2).attr, 0U);
  EXPECT_EQ(records.back().attr, kNoAttr);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("known", "unknown")) << "all attrs have one layout";
}

TEST_P(EitherForm, AnUnknownIdAmongDifferentLayoutsCannotBeRead) {
  PerfDataBuilder data = two_events();
  data.attr({.sample_type = test_support::kTracepointSampleType | sample_bit::kAddr, .ids = {15}});
  data.sample({.id = 11, .time_ns = 5, .raw = "known"}).sample({.id = 99, .time_ns = 6, .raw = "unknown"});
  data.sample({.id = 15, .time_ns = 7, .raw = "other"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->counters().unknown_ids, 1U);
  EXPECT_EQ(opened->counters().samples, 3U);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("known", "other"));
}

TEST_P(EitherForm, RecordTypesOfTheFutureAreSkippedAndCounted) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "before"});
  data.record(record_bytes(40, "12345678")).record(record_bytes(200, "12345678")).record(record_bytes(0, ""));
  data.sample({.id = 11, .time_ns = 6, .raw = "after"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->counters().skipped, 3U);
  EXPECT_EQ(opened->counters().records - opened->counters().skipped, all_records(*opened.reader).size());
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("before", "after"));
}

TEST_P(EitherForm, ASampleShorterThanItsLayoutIsCountedAndLeftOut) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "good"});
  data.record(record_bytes(record_type::kSample, ByteWriter().u64(11).u64(0).str()));
  data.record(record_bytes(record_type::kSample, ""));
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->counters().malformed, 2U);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("good"));
}

TEST_P(EitherForm, ASampleTooShortForItsIdIsMalformedNotUnknown) {
  PerfDataBuilder data = two_events();
  data.attr({.sample_type = test_support::kTracepointSampleType | sample_bit::kAddr, .ids = {15}});
  data.record(record_bytes(record_type::kSample, "1234567")).sample({.id = 11, .time_ns = 5, .raw = "good"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->counters().malformed, 1U);
  EXPECT_EQ(opened->counters().unknown_ids, 0U);
}

TEST_P(EitherForm, KeepsEverythingBeforeATruncation) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"}).sample({.id = 11, .time_ns = 6, .raw = "two"});
  ASSERT_FALSE(open(data)->counters().truncated);
  data.record(test_support::record_with_size(record_type::kSample, "cut short", 64));
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_TRUE(opened->counters().truncated);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one", "two"));
}

TEST_P(EitherForm, ARecordOfImpossibleSizeEndsIt) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  data.record(test_support::record_with_size(record_type::kSample, "", 0));
  data.sample({.id = 11, .time_ns = 6, .raw = "two"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_TRUE(opened->counters().truncated);
  EXPECT_EQ(opened->counters().samples, 1U);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one"));
}

TEST_P(EitherForm, GivesThreadsTheirNames) {
  PerfDataBuilder data = two_events();
  data.comm("sockperf", {.id = 11, .time_ns = 5, .cpu = 1, .pid = 42, .tid = 43}, record_misc::kCommExec);
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  const Record record = all_records(*opened.reader).back();
  EXPECT_EQ(record.time_ns, 5U);
  EXPECT_EQ(record.cpu, 1U);
  const auto comm = parse_comm(record);
  ASSERT_TRUE(comm);
  EXPECT_EQ(comm->pid, 42);
  EXPECT_EQ(comm->tid, 43);
  EXPECT_TRUE(comm->exec);
  EXPECT_EQ(comm->comm, "sockperf");
  EXPECT_FALSE(parse_switch(record));
}

TEST_P(EitherForm, TellsTheKindsOfContextSwitch) {
  PerfDataBuilder data = two_events();
  const SampleSpec who{.id = 11, .time_ns = 5, .cpu = 1, .pid = 42, .tid = 43};
  data.context_switch(who, 0).context_switch(who, record_misc::kSwitchOut);
  data.context_switch(who, record_misc::kSwitchOut | record_misc::kSwitchOutPreempt);
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  const auto records = all_records(*opened.reader);
  const auto from_the_end = [&](std::size_t back) { return parse_switch(records.at(records.size() - back)); };
  using Direction = SwitchRecord::Direction;
  EXPECT_EQ(from_the_end(3)->direction, Direction::kIn);
  EXPECT_EQ(from_the_end(2)->direction, Direction::kOut);
  EXPECT_FALSE(from_the_end(2)->preempted);
  EXPECT_EQ(from_the_end(1)->direction, Direction::kOut);
  EXPECT_TRUE(from_the_end(1)->preempted);
  EXPECT_EQ(records.back().tid, 43);
  EXPECT_FALSE(from_the_end(1)->other_tid);
}

TEST_P(EitherForm, ACpuWideSwitchNamesTheOtherTask) {
  const AttrSpec attr{.ids = {11}};
  PerfDataBuilder data;
  data.attr(attr);
  const std::string other = ByteWriter().u32(7).u32(8).str();
  data.record(test_support::kernel_record_bytes(record_type::kSwitchCpuWide, other, attr, {.id = 11, .time_ns = 5}));
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  Record record = all_records(*opened.reader).back();
  const auto change = parse_switch(record);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->other_pid, 7);
  EXPECT_EQ(change->other_tid, 8);
  record.payload = record.payload.first(7);
  EXPECT_FALSE(parse_switch(record));
}

TEST_P(EitherForm, WithoutSampleIdAllRecordsHaveNoTime) {
  PerfDataBuilder data;
  data.attr({.flags = 0, .ids = {11}});
  data.comm("sockperf", {.id = 11, .time_ns = 5});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  const Record record = all_records(*opened.reader).back();
  EXPECT_EQ(record.time_ns, 0U);
  EXPECT_EQ(record.cpu, kNoCpu);
  EXPECT_EQ(parse_comm(record)->comm, "sockperf");
}

TEST_P(EitherForm, AStreamOutlivesAMoveOfItsReader) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  auto stream = opened->records();
  const Reader moved = std::move(*opened.reader);
  std::size_t count = 0;
  while (stream.next() != nullptr) ++count;
  EXPECT_EQ(count, moved.counters().records);
}

TEST(FileForm, TakesIdsOnEitherSideOfTheAttrs) {
  for (const bool after : {false, true}) {
    PerfDataBuilder data = two_events();
    data.sample({.id = 14, .time_ns = 5, .raw = "x"});
    auto opened = open_bytes(data.file_form({.ids_after_attrs = after}));
    ASSERT_TRUE(opened.reader);
    EXPECT_EQ(all_records(*opened.reader).back().attr, 1U) << after;
  }
}

TEST(FileForm, AKilledRecordingKeepsItsRecords) {
  PerfDataBuilder data = two_events();
  data.tracing_data(tracing_data_bytes({{"sched", "name: sched_switch\n"}}));
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  ASSERT_NE(open_bytes(data.file_form())->tracing_data(), nullptr);
  auto opened = open_bytes(data.file_form({.killed = true}));
  ASSERT_TRUE(opened.reader) << opened.reader.error().message;
  EXPECT_TRUE(opened->info().killed);
  EXPECT_EQ(opened->tracing_data(), nullptr);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one"));
}

TEST(FileForm, AFileCutShortKeepsItsRecords) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  std::string bytes = data.file_form();
  const std::size_t whole = bytes.find(data.records()) + data.records().size();
  data.sample({.id = 11, .time_ns = 6, .raw = "two"});
  bytes = data.file_form();
  bytes.resize(whole + 20);
  auto opened = open_bytes(bytes);
  ASSERT_TRUE(opened.reader);
  EXPECT_TRUE(opened->counters().truncated);
  EXPECT_FALSE(opened->info().killed);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one"));
}

TEST(FileForm, AnOldHeaderWithoutFeatureBitsStillHasItsRecords) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  auto opened = open_bytes(data.file_form({.header_size = 72}));
  ASSERT_TRUE(opened.reader);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one"));
  EXPECT_THAT(opened->attrs()[0].name, IsEmpty());
}

TEST(PipeForm, WhatFollowsTheRecordsIsATruncation) {
  PerfDataBuilder data = two_events();
  data.sample({.id = 11, .time_ns = 5, .raw = "one"});
  auto opened = open_bytes(data.pipe_form() + "[ perf record: Woken up 1 times to write data ]\n");
  ASSERT_TRUE(opened.reader);
  EXPECT_TRUE(opened->counters().truncated);
  EXPECT_THAT(payloads(*opened.reader), ElementsAre("one"));
}

}  // namespace
}  // namespace sockscope::perf_data

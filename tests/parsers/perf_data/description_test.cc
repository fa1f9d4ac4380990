#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::ByteWriter;
using test_support::PerfDataBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string header_string(std::string_view text) { return ByteWriter().header_string(text).str(); }

PerfDataBuilder one_event() {
  PerfDataBuilder data;
  data.attr({.config = 372, .ids = {11}, .name = "sched:sched_switch"});
  data.finished_round();  // without any record a file counts as killed
  return data;
}

class Description : public testing::TestWithParam<Form> {
 protected:
  static Opened open(const PerfDataBuilder& data) {
    return open_bytes(GetParam() == Form::kFile ? data.file_form() : data.pipe_form());
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, Description, testing::Values(Form::kFile, Form::kPipe), form_name);

TEST_P(Description, TellsOfTheMachineAndTheCommand) {
  PerfDataBuilder data = one_event();
  data.feature(feature::kHostname, header_string("lab7"));
  data.feature(feature::kOsrelease, header_string("6.18.44"));
  data.feature(feature::kVersion, header_string("6.1.192"));
  data.feature(feature::kArch, header_string("x86_64"));
  data.feature(feature::kCpudesc, header_string("AMD EPYC"));
  data.feature(feature::kNrcpus, ByteWriter().u32(8).u32(2).str());
  data.feature(feature::kCmdline,
               ByteWriter().u32(3).header_string("perf").header_string("record").header_string("-a").str());
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  const FileInfo& info = opened->info();
  EXPECT_EQ(info.hostname, "lab7");
  EXPECT_EQ(info.osrelease, "6.18.44");
  EXPECT_EQ(info.perf_version, "6.1.192");
  EXPECT_EQ(info.arch, "x86_64");
  EXPECT_EQ(info.cpu_description, "AMD EPYC");
  EXPECT_EQ(info.cpus_available, 8U);
  EXPECT_EQ(info.cpus_online, 2U);
  EXPECT_THAT(info.command_line, ElementsAre("perf", "record", "-a"));
  EXPECT_EQ(opened->counters().bad_sections, 0U);
}

TEST_P(Description, TellsWhichClockTheTimesAreIn) {
  PerfDataBuilder data = one_event();
  EXPECT_FALSE(open(data)->info().clockid);
  data.feature(feature::kClockid, ByteWriter().u64(1).str());
  data.feature(feature::kClockData, ByteWriter().u32(1).u32(1).u64(1'700'000'000'000'000'000).u64(5000).str());
  auto opened = open(data);
  const FileInfo& info = opened->info();
  EXPECT_EQ(info.clockid, 1);
  EXPECT_EQ(info.clock_resolution_ns, 1U);
  ASSERT_TRUE(info.clock_reference);
  EXPECT_EQ(info.clock_reference->wall_ns, 1'700'000'000'000'000'000U);
  EXPECT_EQ(info.clock_reference->clock_ns, 5000U);
}

TEST_P(Description, WithoutClockDataTheAttrsTellTheClock) {
  PerfDataBuilder data;
  data.attr({.flags = attr_flag::kSampleIdAll | attr_flag::kUseClockid, .clockid = 7, .ids = {11}});
  EXPECT_EQ(open(data)->info().clockid, 7);
}

TEST_P(Description, ASampleTimeOfZeroSaysNothing) {
  PerfDataBuilder data = one_event();
  data.feature(feature::kSampleTime, ByteWriter().u64(0).u64(0).str());
  EXPECT_FALSE(open(data)->info().sample_time);
  data.feature(feature::kSampleTime, ByteWriter().u64(10).u64(20).str());
  auto opened = open(data);
  ASSERT_TRUE(opened->info().sample_time);
  EXPECT_EQ(opened->info().sample_time->first_ns, 10U);
  EXPECT_EQ(opened->info().sample_time->last_ns, 20U);
}

TEST_P(Description, TellsHowRecordsWerePacked) {
  PerfDataBuilder data = one_event();
  EXPECT_FALSE(open(data)->info().compression);
  data.feature(feature::kCompressed, ByteWriter().u32(1).u32(1).u32(3).u32(12).u32(528384).str());
  auto opened = open(data);
  ASSERT_TRUE(opened->info().compression);
  EXPECT_EQ(opened->info().compression->type, 1U);
  EXPECT_EQ(opened->info().compression->level, 3U);
  EXPECT_EQ(opened->info().compression->ratio, 12U);
  EXPECT_EQ(opened->info().compression->max_unpacked, 528384U);
}

TEST_P(Description, SectionsThatMakeNoSenseAreCountedAndLeftOut) {
  PerfDataBuilder data = one_event();
  data.feature(feature::kOsrelease, header_string("6.18.44"));
  ASSERT_EQ(open(data)->counters().bad_sections, 0U);
  data.feature(feature::kHostname, ByteWriter().u32(3013029764).text("no such length").str());
  data.feature(feature::kCmdline, ByteWriter().u32(0xffffffff).header_string("perf").str());
  data.feature(feature::kNrcpus, ByteWriter().u32(8).str().substr(0, 3));
  auto opened = open(data);
  ASSERT_TRUE(opened.reader) << "none of them is needed to read the records";
  EXPECT_EQ(opened->info().osrelease, "6.18.44");
  EXPECT_THAT(opened->info().hostname, IsEmpty());
  EXPECT_THAT(opened->info().command_line, IsEmpty());
  EXPECT_EQ(opened->counters().bad_sections, GetParam() == Form::kFile ? 3U : 2U)
      << "in a pipe the padding completes the third to {8, 0}";
}

TEST_P(Description, FeaturesOfTheFutureArePassedOver) {
  PerfDataBuilder data = one_event();
  data.feature(45, "whatever it may hold").feature(feature::kOsrelease, header_string("6.18.44"));
  auto opened = open(data);
  EXPECT_EQ(opened->info().osrelease, "6.18.44");
  EXPECT_EQ(opened->counters().bad_sections, 0U);
}

TEST_P(Description, BrokenTracingDataIsExplainedWhenAskedFor) {
  PerfDataBuilder data = one_event();
  data.tracing_data("this is no tracing data").sample({.id = 11, .time_ns = 5, .raw = "x"});
  auto opened = open(data);
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->tracing_data(), nullptr);
  EXPECT_EQ(opened->counters().bad_sections, 1U);
  EXPECT_THAT(opened->require_tracing_data().error().message, testing::HasSubstr("does not begin with its magic"));
}

TEST(EventNames, AreBroughtToTheirAttrsByIdNotByPlace) {
  PerfDataBuilder data;
  data.attr({.config = 1, .ids = {11, 12}}).attr({.config = 2, .ids = {13}}).finished_round();
  const std::string attr(128, '\0');
  data.feature(feature::kEventDesc, ByteWriter()
                                        .u32(2)
                                        .u32(128)
                                        .text(attr)
                                        .u32(1)
                                        .header_string("second")
                                        .u64(13)
                                        .text(attr)
                                        .u32(2)
                                        .header_string("first")
                                        .u64(11)
                                        .u64(12)
                                        .str());
  auto opened = open_bytes(data.file_form());
  ASSERT_TRUE(opened.reader);
  EXPECT_EQ(opened->attrs()[0].name, "first");
  EXPECT_EQ(opened->attrs()[1].name, "second");
}

TEST(EventNames, CountsInTheSectionAreNotBelieved) {
  const auto bad_sections = [](const ByteWriter& payload) {
    PerfDataBuilder data = one_event();
    data.feature(feature::kEventDesc, payload.str());
    return open_bytes(data.file_form())->counters().bad_sections;
  };
  const std::string attr(128, '\0');
  ASSERT_EQ(bad_sections(ByteWriter().u32(1).u32(128).text(attr).u32(1).header_string("a").u64(11)), 0U);
  EXPECT_EQ(bad_sections(ByteWriter().u32(2).u32(128).text(attr).u32(1).header_string("a").u64(11)), 1U);
  EXPECT_EQ(bad_sections(ByteWriter().u32(~0U).u32(128).text(attr).u32(1).header_string("a").u64(11)), 1U);
  EXPECT_EQ(bad_sections(ByteWriter().u32(1).u32(0).text(attr).u32(1).header_string("a").u64(11)), 1U);
  EXPECT_EQ(bad_sections(ByteWriter().u32(1).u32(128).text(attr).u32(~0U).header_string("a").u64(11)), 1U);
}

}  // namespace
}  // namespace sockscope::perf_data

#include "harness/formats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <string>

#include "tests/harness/temp_tree.h"
#include "tests/parsers/tracepoint/format_samples.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope {
namespace {

using test_support::bytes_of;
using test_support::ByteWriter;
using test_support::FileShape;
using test_support::PerfDataBuilder;
using ::testing::HasSubstr;

constexpr std::uint16_t kId = 70;

std::string format_of_two_numbers() {
  return tracepoint::format_text("sched_moved", kId,
                                 "\tfield:int pid;\toffset:8;\tsize:4;\tsigned:1;\n"
                                 "\tfield:int cpu;\toffset:12;\tsize:4;\tsigned:1;\n",
                                 "\"\"");
}

std::string payload(std::size_t size = 16) { return ByteWriter().u16(kId).pad_to(size).str(); }

/// What a killed perf left, and the tracefs of the kernel it ran on.
class FormatsTest : public testing::Test {
 protected:
  FormatsTest() {
    tree_.file("events/enable", "0\n");
    tree_.file("events/sched/enable", "0\n");
    tree_.file("events/sched/sched_moved/id", "70\n");
    tree_.file("events/sched/sched_moved/format", format_of_two_numbers());
    tree_.file("events/sched/other/id", "71\n");
    tree_.file("events/sched/other/format", "not read");
  }

  static PerfDataBuilder recording(std::uint64_t id = kId, std::string name = {}) {
    PerfDataBuilder data;
    data.attr({.config = id, .ids = {1}, .name = std::move(name)});
    return data;
  }

  /// "used", or why the formats of the running kernel were not.
  std::string outcome(const std::string& bytes) {
    const auto reader = perf_data::Reader::read(bytes_of(bytes), "killed.data");
    EXPECT_TRUE(reader) << reader.error().message;
    const auto formats = formats_of(*reader, tree_.path());
    if (!formats) return formats.error().message;
    EXPECT_TRUE(formats->are_running_kernels);
    EXPECT_EQ(formats->catalog.formats().size(), 1U);
    EXPECT_NE(formats->catalog.find("sched", "sched_moved"), nullptr);
    return "used";
  }

  std::string outcome_killed(PerfDataBuilder data) { return outcome(data.file_form({.killed = true})); }

  TempTree tree_;
};

TEST_F(FormatsTest, OfTheRunningKernelAreUsedWhereNothingSpeaksAgainstThem) {
  EXPECT_EQ(outcome_killed(recording()), "used");
  EXPECT_EQ(outcome_killed(recording().sample({.id = 1, .time_ns = 5, .raw = payload()})), "used");
}

TEST_F(FormatsTest, TheMachineIsThisOne) {
  const std::string bytes = recording().file_form({.killed = true});
  const auto reader = perf_data::Reader::read(bytes_of(bytes), "killed.data");
  utsname machine{};
  ASSERT_EQ(uname(&machine), 0);
  EXPECT_EQ(formats_of(*reader, tree_.path())->arch, machine.machine);
}

TEST_F(FormatsTest, AnEventThatThisKernelLacks) {
  EXPECT_THAT(outcome_killed(recording(72)), HasSubstr("killed perf"));
  EXPECT_THAT(outcome_killed(recording(72)),
              HasSubstr("The running kernel's formats are no help: this kernel has no event 72"));
  EXPECT_THAT(outcome_killed(recording(65536 + kId)), HasSubstr("this kernel has no event 65606"));
}

TEST_F(FormatsTest, SamplesOfAnotherSize) {
  const auto with_payload = [](std::string raw) {
    return recording().sample({.id = 1, .time_ns = 5, .raw = std::move(raw)});
  };
  EXPECT_THAT(outcome_killed(with_payload(payload(8))),
              HasSubstr("its sched:sched_moved events do not have this kernel's fields"));
  EXPECT_THAT(outcome_killed(with_payload(payload(40))), HasSubstr("do not have this kernel's fields"));
  EXPECT_THAT(outcome_killed(with_payload(ByteWriter().u16(kId + 1).pad_to(16).str())),
              HasSubstr("do not have this kernel's fields"));
}

TEST_F(FormatsTest, AnotherNameOrRelease) {
  const auto release = [](std::string_view text) { return ByteWriter().header_string(text).str(); };
  // A pipe says its names and its release before its first sample, and may still lack its tracing data.
  EXPECT_EQ(outcome(recording(kId, "sched:sched_moved").pipe_form()), "used");
  EXPECT_THAT(outcome(recording(kId, "sched:sched_switch").pipe_form()),
              HasSubstr("event 70 is sched:sched_switch there and sched:sched_moved here"));
  EXPECT_THAT(outcome(recording().feature(perf_data::feature::kOsrelease, release("2.6.32")).pipe_form()),
              HasSubstr("it is of kernel 2.6.32 and this is "));
  EXPECT_THAT(outcome(recording().feature(perf_data::feature::kArch, release("s390x")).pipe_form()),
              HasSubstr("it is of a s390x and this is a "));
}

TEST_F(FormatsTest, WithoutTracefs) {
  const std::string bytes = recording().file_form({.killed = true});
  const auto reader = perf_data::Reader::read(bytes_of(bytes), "killed.data");
  const auto formats = formats_of(*reader, tree_ / "nowhere");
  ASSERT_FALSE(formats);
  EXPECT_EQ(formats.error().kind, ErrorKind::kInput);
  EXPECT_THAT(formats.error().message, HasSubstr("nowhere/events: No such file or directory"));
}

}  // namespace
}  // namespace sockscope

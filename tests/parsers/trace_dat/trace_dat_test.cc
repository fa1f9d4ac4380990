#include "parsers/trace_dat/trace_dat.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "parsers/trace_dat/event_merge.h"
#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/byte_writer.h"
#include "tests/support/trace_dat_builder.h"

namespace sockscope::trace_dat {
namespace {

using ring_buffer::PageBuilder;
using test_support::bytes_of;
using test_support::trace_dat_bytes;
using test_support::trace_dat_option;
using test_support::TraceDatSpec;
using testing::ElementsAre;
using testing::HasSubstr;

/// Five pages on CPU 0 and one on CPU 2, so that chunks of two pages are needed.
TraceDatSpec sample() {
  TraceDatSpec spec;
  spec.ftrace = {"name: print\nID: 5\n"};
  spec.events = {{"sched", "name: sched_switch\nID: 300\n"}, {"net", "name: netif_rx\nID: 400\n"}};
  spec.kallsyms = "ffffffff81000000 T f\n";
  spec.cmdlines = "17 nc\n";
  spec.uname = "Linux lab 6.1.0 x86_64";
  std::string pages;
  for (std::uint64_t page = 0; page < 5; ++page) {
    pages += PageBuilder().event(1, fmt::format("a{}..", page)).event(2, fmt::format("b{}..", page)).page(1000 * page);
  }
  spec.cpus = {{0, pages}, {2, PageBuilder().event(500, "c...").event(1000, "d...").page(1000)}};
  return spec;
}

/// "cpu@time payload" of each.
std::vector<std::string> events_of(const TraceDat& trace) {
  std::vector<std::string> found;
  EventMerge events(trace, *ring_buffer::PageLayout::parse(trace.header_page));
  while (const TracedEvent* const event = events.next()) {
    std::string text = fmt::format("{}@{} {}", event->cpu, event->time_ns, perf_data::as_text(event->payload));
    if (event->missed != 0) text += fmt::format(" after {}", event->missed);
    found.push_back(text);
  }
  for (std::uint64_t i = 0; i < events.damaged(); ++i) found.emplace_back("damaged");
  return found;
}

TEST(TraceDat, IsReadInEveryForm) {
  for (const auto& [version, is_compressed] : {std::pair{"6", false}, {"7", false}, {"7", true}}) {
    TraceDatSpec spec = sample();
    spec.version = version;
    spec.is_compressed = is_compressed;
    if (spec.version == "6") spec.cpus[1].first = 1;  // which counts CPUs from 0
    const std::string bytes = trace_dat_bytes(spec);
    const auto trace = parse_trace_dat(bytes_of(bytes));
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_EQ(trace->version, static_cast<unsigned>(version[0] - '0'));
    EXPECT_EQ(trace->header_page, ring_buffer::kHeaderPage);
    EXPECT_EQ(trace->header_event, "# compressed entry header\n");
    EXPECT_EQ(trace->kallsyms, spec.kallsyms);
    EXPECT_EQ(trace->cmdlines, spec.cmdlines);
    EXPECT_EQ(trace->clock, "mono");
    EXPECT_EQ(trace->uname, "Linux lab 6.1.0 x86_64");
    EXPECT_EQ(trace->page_size, 4096U);
    EXPECT_EQ(trace->long_size, 8U);
    EXPECT_EQ(trace->instances, 1U);
    EXPECT_EQ(trace->ftrace_formats.size(), 4 + 8 + spec.ftrace[0].size());
    const std::string other = std::to_string(spec.cpus[1].first);
    EXPECT_THAT(events_of(*trace), ElementsAre("0@1 a0..", "0@3 b0..", "0@1001 a1..", "0@1003 b1..",
                                               other + "@1500 c...", "0@2001 a2..", "0@2003 b2..", other + "@2500 d...",
                                               "0@3001 a3..", "0@3003 b3..", "0@4001 a4..", "0@4003 b4.."))
        << version << is_compressed;
  }
}

TEST(TraceDat, HasTheBuffersOfEveryInstance) {
  for (const char* const version : {"6", "7"}) {
    TraceDatSpec spec = sample();
    spec.version = version;
    spec.cpus = {{0, PageBuilder().event(5, "one.").page(0)}, {1, ""}};
    spec.more_cpus = {{0, PageBuilder().event(3, "two.").page(0)}, {1, PageBuilder().event(9, "thr.").page(0)}};
    const std::string bytes = trace_dat_bytes(spec);
    const auto trace = parse_trace_dat(bytes_of(bytes));
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_EQ(trace->instances, 2U);
    EXPECT_THAT(events_of(*trace), ElementsAre("0@3 two.", "0@5 one.", "1@9 thr."));
  }
}

TEST(TraceDat, SaysWhereEventsAreMissingAndPagesMakeNoSense) {
  TraceDatSpec spec = sample();
  const std::string lost = test_support::ByteWriter().u64(7).str();
  spec.cpus = {
      {0, PageBuilder().event(1, "a...").page(0) +
              PageBuilder().event(1, "b...").page(100, ring_buffer::kMissedEvents | ring_buffer::kMissedStored, lost) +
              PageBuilder().event(1, "c...").header(20, 1).page(200)}};
  const std::string bytes = trace_dat_bytes(spec);
  const auto trace = parse_trace_dat(bytes_of(bytes));
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_THAT(events_of(*trace), ElementsAre("0@1 a...", "0@101 b... after 7", "0@201 c...", "damaged"));
}

TEST(TraceDat, MakesNanosecondsOfACounter) {
  TraceDatSpec spec = sample();
  spec.clock = "x86-tsc";
  spec.cpus = {{0, PageBuilder().event(0, "a...").page(3'000'000'000'000)}};
  // 3 GHz: a third of a nanosecond each, as 0x55555555 >> 32; and an offset.
  spec.options = trace_dat_option(14, test_support::ByteWriter().u32(0x55555555).u32(32).u64(5).str()) +
                 trace_dat_option(7, std::string_view("10\0", 3));
  const std::string bytes = trace_dat_bytes(spec);
  const auto trace = parse_trace_dat(bytes_of(bytes));
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_THAT(events_of(*trace), ElementsAre("0@999999999782 a..."));
}

TEST(TraceDat, DividesByWhatTheShiftSays) {
  const TimeConversion time{.mult = 3, .shift = 33, .offset_ns = 1};
  EXPECT_EQ(time.ns_of(std::uint64_t{1} << 40U), 1 + 3 * (std::uint64_t{1} << 7U));
  const TimeConversion small{.mult = 3, .shift = 1};
  EXPECT_EQ(small.ns_of((std::uint64_t{1} << 40U) + 1), ((std::uint64_t{1} << 40U) + 1) * 3 / 2);
  EXPECT_EQ(TimeConversion{.offset_ns = 4}.ns_of(9), 13U);
}

std::string refusal_of(const TraceDatSpec& spec) {
  const std::string bytes = trace_dat_bytes(spec);
  const auto trace = parse_trace_dat(bytes_of(bytes));
  return trace ? "none" : trace.error().message;
}

TEST(TraceDat, SaysWhatItCannotRead) {
  TraceDatSpec spec = sample();
  spec.version = "8";
  EXPECT_EQ(refusal_of(spec), "is a trace.dat of version 8: 6 and 7 can be read");
  spec = sample();
  spec.order = perf_data::ByteOrder::kSwapped;
  EXPECT_EQ(refusal_of(spec), "is a trace.dat of a machine of the other byte order, which is not read");
  spec = sample();
  spec.is_compressed = true;
  spec.compression = "zlib";
  EXPECT_EQ(
      refusal_of(spec),
      "is a trace.dat that is compressed with zlib: unpack it with trace-cmd convert --compression none -i FILE -o "
      "NEW");
  for (const char* const clock : {"counter", "x86-tsc"}) {
    spec = sample();
    spec.clock = clock;
    EXPECT_EQ(refusal_of(spec),
              fmt::format("is a trace.dat of the clock {}, which does not tell time: record with -C mono", clock));
  }
  spec = sample();
  spec.more_cpus = spec.cpus;
  spec.second_clock = "local";
  EXPECT_EQ(refusal_of(spec), "is a trace.dat of instances with different clocks, whose events have no order");
  spec = sample();
  spec.cpus = {{0, ""}};
  EXPECT_EQ(refusal_of(spec), "is a trace.dat without an event in it");
}

TEST(TraceDat, EndsWithASentenceWhereverItIsCutOff) {
  for (const char* const version : {"6", "7"}) {
    TraceDatSpec spec = sample();
    spec.version = version;
    const std::string bytes = trace_dat_bytes(spec);
    ASSERT_TRUE(parse_trace_dat(bytes_of(bytes)));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto trace = parse_trace_dat(bytes_of(std::string_view(bytes).substr(0, size)));
      ASSERT_FALSE(trace) << size;
      EXPECT_EQ(trace.error().kind, ErrorKind::kInput);
    }
  }
}

TEST(TraceDat, DoesNotFollowOptionsInACircle) {
  TraceDatSpec spec = sample();
  std::string bytes = trace_dat_bytes(spec);
  const std::size_t offset_at = 10 + 2 + 6 + 5 + 6;
  // The end of the second section of options points to the first.
  const std::string first = bytes.substr(offset_at, 8);
  const std::string last = trace_dat_option(0, std::string(8, '\0'));
  bytes.replace(bytes.rfind(last) + 6, 8, first);
  const auto trace = parse_trace_dat(bytes_of(bytes));
  ASSERT_FALSE(trace);
  EXPECT_THAT(trace.error().message, HasSubstr("damaged"));
}

}  // namespace
}  // namespace sockscope::trace_dat

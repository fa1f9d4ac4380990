#include "parsers/trace_dat/trace_dat.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/trace_dat/event_merge.h"
#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/byte_writer.h"
#include "tests/support/trace_dat_builder.h"

namespace sockscope::trace_dat {
namespace {

using ring_buffer::PageBuilder;
using test_support::bytes_of;
using test_support::ByteWriter;
using test_support::trace_dat_bytes;
using test_support::trace_dat_option;
using test_support::TraceDatSpec;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

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
  const std::string lost = ByteWriter().u64(7).str();
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
  // 3 GHz: a third of a nanosecond each, as 0x55555555 >> 32. trace-cmd does not apply what follows.
  spec.options = trace_dat_option(14, ByteWriter().u32(0x55555555).u32(32).u64(5).str()) +
                 trace_dat_option(7, std::string_view("10\0", 3));
  const std::string bytes = trace_dat_bytes(spec);
  const auto trace = parse_trace_dat(bytes_of(bytes));
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_THAT(events_of(*trace), ElementsAre("0@999999999777 a..."));
}

TEST(TraceDat, AddsAnOffsetAsTraceCmdReadsIt) {
  for (const auto& [text, time] :
       {std::pair{"10", 1010}, {"+10", 1010}, {"-10", 990}, {"0x10", 1016}, {"-0x10", 984}}) {
    TraceDatSpec spec = sample();
    spec.cpus = {{0, PageBuilder().event(0, "a...").page(1000)}};
    spec.options = trace_dat_option(7, std::string(text) + '\0');
    const std::string bytes = trace_dat_bytes(spec);
    const auto trace = parse_trace_dat(bytes_of(bytes));
    ASSERT_TRUE(trace) << trace.error().message;
    EXPECT_THAT(events_of(*trace), ElementsAre(fmt::format("0@{} a...", time)));
  }
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
  const TraceDatSpec spec = sample();
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

std::string section(std::uint16_t id, std::string_view content) {
  return ByteWriter().u16(id).u16(0).u32(0).u64(content.size()).text(content).str();
}

/// A trace.dat of version 7 that begins with its options.
std::string of_options(const std::string& options) {
  ByteWriter out;
  out.text("\x17\x08\x44tracing").c_string("7").u8(std::endian::native == std::endian::big ? 1 : 0).u8(8).u32(4096);
  out.c_string("none").c_string("");
  out.u64(out.size() + sizeof(std::uint64_t));
  return out.text(section(0, options)).str();
}
constexpr std::uint64_t kOptionsAt = 10 + 2 + 6 + 5 + 1 + 8;  // of_options()'s

/// What of it is said to be damaged.
std::string damaged_part(const std::string& bytes) {
  const auto trace = parse_trace_dat(bytes_of(bytes));
  if (trace) return "none";
  EXPECT_THAT(trace.error().message, StartsWith("is a trace.dat that is damaged or cut short in its "));
  return trace.error().message.substr(trace.error().message.rfind(' ') + 1);
}

/// The most that this process has had, in bytes.
std::uint64_t most_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

TEST(TraceDat, TakesNoTextForAnOffset) {
  for (const char* const version : {"6", "7"}) {
    for (const char* const text : {"", "-", "0x", "ten", "10 s", "9223372036854775808"}) {
      TraceDatSpec spec = sample();
      spec.version = version;
      spec.options = trace_dat_option(7, std::string(text) + '\0');
      EXPECT_EQ(damaged_part(trace_dat_bytes(spec)), "options") << text;
    }
  }
}

/// Memory that nobody has touched takes none.
class Untouched {
 public:
  explicit Untouched(std::size_t size)
      : size_(size),
        at_(static_cast<char*>(
            mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0))) {}
  Untouched(const Untouched&) = delete;
  Untouched(Untouched&&) = delete;
  Untouched& operator=(const Untouched&) = delete;
  Untouched& operator=(Untouched&&) = delete;
  ~Untouched() { munmap(at_, size_); }

  void put(std::size_t at, std::string_view bytes) { std::ranges::copy(bytes, at_ + at); }
  [[nodiscard]] std::string_view text() const { return {at_, size_}; }

 private:
  std::size_t size_;
  char* at_;
};

TEST(TraceDat, HasNoMoreSymbolsThanAKernel) {
  constexpr std::uint32_t more = 256U << 20U;
  TraceDatSpec spec = sample();
  spec.version = "6";
  const std::string bytes = trace_dat_bytes(spec);
  const std::string_view symbols = spec.kallsyms;
  const std::size_t behind = bytes.find(symbols) + symbols.size();
  Untouched larger(bytes.size() + more);
  larger.put(0, bytes.substr(0, behind));
  larger.put(behind - symbols.size() - 4, ByteWriter().u32(static_cast<std::uint32_t>(symbols.size()) + more).str());
  larger.put(behind + more, bytes.substr(behind));
  const auto trace = parse_trace_dat(bytes_of(larger.text()));
  ASSERT_FALSE(trace);
  EXPECT_EQ(trace.error().message, "is a trace.dat with 256 MB of formats and symbols, more than any kernel has");
}

// Of each section something is kept: here a clock's name of 100 KB.
TEST(TraceDat, ReadsNoSectionTwice) {
  ByteWriter buffer;
  buffer.u64(0).c_string("").c_string(std::string(100'000, 'c')).u32(4096).u32(1).u32(0).u64(0).u64(0);
  const std::string again = trace_dat_option(0, ByteWriter().u64(kOptionsAt).str());
  const std::string bytes = of_options(trace_dat_option(3, buffer.str()) + again);
  const std::uint64_t before = most_memory();
  EXPECT_EQ(damaged_part(bytes), "options");
  EXPECT_LT(most_memory() - before, 20 * bytes.size());
}

// As many options as there are systems in the section that each of them names.
TEST(TraceDat, ReadsAKindOfSectionOnce) {
  std::string options;
  constexpr std::size_t count = 30'000;
  const std::uint64_t systems_at = kOptionsAt + 16 + count * 14;
  for (std::size_t i = 0; i < count; ++i) options += trace_dat_option(18, ByteWriter().u64(systems_at).str());
  ByteWriter systems;
  systems.u32(count);
  for (std::size_t i = 0; i < count; ++i) systems.c_string("s").u32(0);
  EXPECT_EQ(damaged_part(of_options(options) + section(18, systems.str())), "sections");
}

TEST(TraceDat, ReadsNoPagesTwice) {
  for (const char* const version : {"6", "7"}) {
    TraceDatSpec spec = sample();
    spec.version = version;
    const std::string page = PageBuilder().event(1, "a...").page(1000);
    spec.cpus = {{0, page}, {1, page}, {2, page}, {3, page}, {4, page}, {5, page}, {6, page}, {7, page}};
    std::string bytes = trace_dat_bytes(spec);
    ASSERT_TRUE(parse_trace_dat(bytes_of(bytes)));
    // All of them have the last one's, and its size is that of all.
    const std::uint64_t all = bytes.size() - std::size_t{8} * 4096;
    for (std::uint64_t cpu = 0; cpu < 8; ++cpu) {
      const std::string entry = ByteWriter().u64(all + cpu * 4096).u64(4096).str();
      const std::size_t at = bytes.find(entry);
      ASSERT_NE(at, std::string::npos);
      bytes.replace(at, entry.size(), ByteWriter().u64(all).u64(std::uint64_t{8} * 4096).str());
    }
    EXPECT_EQ(damaged_part(bytes), "buffers") << version;
  }
}

// Options of 14 bytes of which each asks for 8192 CPUs' places.
TEST(TraceDat, ReadsNoTableOfVersion6Twice) {
  TraceDatSpec spec = sample();
  spec.version = "6";
  spec.cpus.assign(8192, {0, ""});
  const std::size_t before = trace_dat_bytes(spec).find(std::string_view("flyrecord\0", 10));
  constexpr std::size_t instances = 30'000;
  const std::string instance = trace_dat_option(3, ByteWriter().u64(before + instances * 14).str());
  for (std::size_t i = 0; i < instances; ++i) spec.options += instance;
  EXPECT_EQ(damaged_part(trace_dat_bytes(spec)), "buffers");
}

}  // namespace
}  // namespace sockscope::trace_dat

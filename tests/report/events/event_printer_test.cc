#include "report/events/event_printer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tests/report/events/event_lines.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/temp_file.h"

namespace sockscope {
namespace {

using test_support::PerfDataBuilder;

constexpr std::string_view kField = "\tfield:unsigned int n;\toffset:8;\tsize:4;\tsigned:0;\n";
constexpr std::uint64_t kId = 11;
constexpr std::uint64_t kOtherId = 12;

PerfDataBuilder two_events() {
  PerfDataBuilder data;
  data.attr({.config = kTestId, .ids = {kId}, .name = "test:event"});
  data.attr({.config = kTestId + 1, .ids = {kOtherId}, .name = "test:other"});
  return data;
}

std::string payload(std::uint32_t n) { return tracepoint::payload_of(kTestId).u32(n).str(); }

// Opens a recording and prints it.
class Printing {
 public:
  explicit Printing(const PerfDataBuilder& data, EventFilter filter = {}, EventStyle style = EventStyle::kText,
                    std::string_view fields = kField)
      : file_(data.file_form()),
        event_(fields),
        reader_(perf_data::Reader::open(file_.path())),
        filter_(std::move(filter)) {
    plans_.emplace(reader_->attrs(), &*event_.catalog, style);
    source_.emplace(*reader_, *plans_, filter_);
  }

  Result<std::uint64_t> print(unsigned threads, const EventSink& sink) {
    return print_events(*source_, plans_->style(), threads, sink);
  }

  std::string lines(unsigned threads = 1) {
    std::string lines;
    const auto undecoded = print(threads, [&](std::string_view more) -> Result<bool> {
      lines += more;
      return true;
    });
    EXPECT_TRUE(undecoded);
    undecoded_ = undecoded.value_or(~0ULL);
    return lines;
  }
  [[nodiscard]] std::uint64_t undecoded() const { return undecoded_; }

 private:
  test_support::TempFile file_;
  TestEvent event_;
  Result<perf_data::Reader> reader_;
  EventFilter filter_;
  std::optional<EventPlans> plans_;
  std::optional<EventSource> source_;
  std::uint64_t undecoded_ = 0;
};

TEST(PrintEvents, PrintsInTheOrderOfTimeWithTheNamesOfTheMoment) {
  PerfDataBuilder data = two_events();
  data.comm("before", {.id = kId, .pid = 10, .tid = 11});
  data.sample({.id = kId, .time_ns = 300, .cpu = 1, .pid = 10, .tid = 11, .raw = payload(3)});
  data.sample({.id = kId, .time_ns = 100, .cpu = 0, .pid = 10, .tid = 11, .raw = payload(1)});
  data.comm("after", {.id = kId, .time_ns = 200, .pid = 10, .tid = 11});
  data.sample({.id = kOtherId, .time_ns = 400, .cpu = 0, .pid = 20, .tid = 21, .raw = payload(4)});
  Printing printing(data);
  EXPECT_EQ(printing.lines(),
            "          before    10/11    [000]     0.000000100: test:event: n=1\n"
            "           after    10/11    [001]     0.000000300: test:event: n=3\n"
            "             :21    20/21    [000]     0.000000400: test:other:\n");
  EXPECT_EQ(printing.undecoded(), 1U);
}

TEST(PrintEvents, FiltersByNameThreadCpuTimeAndCount) {
  PerfDataBuilder data = two_events();
  for (std::uint32_t n = 1; n <= 4; ++n) {
    data.sample({.id = n == 4 ? kOtherId : kId, .time_ns = n, .cpu = n % 2, .pid = 1, .tid = n, .raw = payload(n)});
  }
  const auto times = [&](EventFilter filter) {
    const std::string lines = Printing(data, std::move(filter), EventStyle::kCsv).lines();
    std::string list;
    for (std::size_t at = lines.find('\n') + 1; at < lines.size(); at = lines.find('\n', at) + 1) {
      list += lines.substr(at, lines.find(',', at) - at) + " ";
    }
    return list;
  };
  EXPECT_EQ(times({}), "1 2 3 4 ");
  EXPECT_EQ(times({.globs = {"event"}}), "1 2 3 ");
  EXPECT_EQ(times({.globs = {"none"}}), "");
  EXPECT_EQ(times({.tids = {2, 4}}), "2 4 ");
  EXPECT_EQ(times({.cpus = {1}}), "1 3 ");
  EXPECT_EQ(times({.from_ns = 2, .to_ns = 3}), "2 3 ");
  EXPECT_EQ(times({.cpus = {0}, .limit = 1}), "2 ");
  EXPECT_EQ(times({.limit = 0}), "");
}

TEST(PrintEvents, KnowsThreadsFromWhatIsNotPrinted) {
  PerfDataBuilder data = two_events();
  data.comm("named", {.id = kId, .time_ns = 1, .pid = 10, .tid = 11});
  data.sample({.id = kId, .time_ns = 5, .pid = 10, .tid = 11, .raw = payload(1)});
  EXPECT_EQ(Printing(data, {.from_ns = 5}).lines(),
            "           named    10/11    [000]     0.000000005: test:event: n=1\n");
}

PerfDataBuilder many(std::uint32_t count) {
  PerfDataBuilder data = two_events();
  for (std::uint32_t n = 1; n <= count; ++n) data.sample({.id = kId, .time_ns = n, .raw = payload(n)});
  return data;
}

// A batch of few long events takes longer than the batch of many short ones behind it, which must wait for its turn.
TEST(PrintEvents, ThreadsPrintWhatOneAlonePrints) {
  constexpr std::string_view field = "\tfield:__data_loc char[] text;\toffset:8;\tsize:4;\tsigned:0;\n";
  const auto text = [](std::uint32_t length) {
    return tracepoint::payload_of(kTestId).u32(length << 16 | 12).text(std::string(length, '\x01')).str();
  };
  PerfDataBuilder data = two_events();
  std::uint64_t time_ns = 0;
  for (int round = 0; round < 8; ++round) {
    for (int event = 0; event < 9; ++event) data.sample({.id = kId, .time_ns = ++time_ns, .raw = text(60'000)});
    for (int event = 0; event < 2'048; ++event) data.sample({.id = kId, .time_ns = ++time_ns, .raw = text(1)});
  }
  const std::string alone = Printing(data, {}, EventStyle::kText, field).lines(1);
  EXPECT_EQ(std::ranges::count(alone, '\n'), 8 * (9 + 2'048));
  EXPECT_TRUE(Printing(data, {}, EventStyle::kText, field).lines(4) == alone);
}

TEST(PrintEvents, StopsWhenNobodyWantsMore) {
  for (const unsigned threads : {1U, 4U}) {
    Printing printing(many(20'000));
    int calls = 0;
    const auto undecoded = printing.print(threads, [&](std::string_view) -> Result<bool> { return ++calls < 2; });
    EXPECT_TRUE(undecoded);
    EXPECT_EQ(calls, 2);
  }
}

TEST(PrintEvents, StopsAtTheFirstError) {
  for (const unsigned threads : {1U, 4U}) {
    Printing printing(many(20'000));
    int calls = 0;
    const auto undecoded = printing.print(threads, [&](std::string_view) -> Result<bool> {
      ++calls;
      return fail(ErrorKind::kEnvironment, "disk full");
    });
    ASSERT_FALSE(undecoded);
    EXPECT_EQ(undecoded.error().message, "disk full");
    EXPECT_EQ(calls, 1);
  }
}

TEST(PrintEvents, BeginsWithTheHeaderOfItsStyle) {
  Printing printing(many(0), {}, EventStyle::kCsv);
  EXPECT_EQ(printing.lines(), "time_ns,cpu,pid,tid,comm,event,fields\n");
}

}  // namespace
}  // namespace sockscope

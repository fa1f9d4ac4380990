#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/symbols.h"
#include "tests/parsers/tracepoint/format_samples.h"
#include "tests/support/tracing_data_builder.h"

// Formats made to take long: 8 times the input must take some 8 times as long, where to look at everything again and
// again takes 64 times.
namespace sockscope::tracepoint {
namespace {

using std::chrono::nanoseconds;

nanoseconds cpu_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

nanoseconds fastest_of_5(const std::function<void()>& work) {
  nanoseconds fastest = nanoseconds::max();
  for (int i = 0; i < 5; ++i) {
    const nanoseconds start = cpu_time();
    work();
    fastest = std::min(fastest, cpu_time() - start);
  }
  return fastest;
}

// Time for 8 times the size over time for the size; `prepare` gives what is to be timed.
double growth(std::size_t size, const std::function<std::function<void()>(std::size_t)>& prepare) {
  constexpr std::size_t times = 8;
  const auto small = fastest_of_5(prepare(size));
  const auto large = fastest_of_5(prepare(size * times));
  return static_cast<double>(large.count()) / static_cast<double>(std::max<nanoseconds::rep>(small.count(), 1));
}

constexpr double kAtMost = 24;

std::string repeated(std::string_view text, std::size_t size) {
  std::string result;
  while (result.size() < size) result += text;
  return result;
}

double growth_of_symbols(const std::function<std::string(std::size_t)>& print_fmt) {
  return growth(8000, [&](std::size_t size) {
    Format format;
    format.print_fmt = print_fmt(size);
    return [format] { EXPECT_TRUE(Symbols::of(format, "reason").empty()); };
  });
}

TEST(LinearTime, CallsThatDoNotClose) {
  EXPECT_LT(growth_of_symbols([](std::size_t size) { return repeated("__print_flags(", size); }), kAtMost);
}

TEST(LinearTime, CallsWithinCalls) {
  const auto nested = [](std::size_t size) {
    const std::string open = repeated("__print_flags(,", size);
    return open + std::string(open.size() / 15, ')');
  };
  EXPECT_LT(growth_of_symbols(nested), kAtMost);
}

TEST(LinearTime, BlanksBehindArguments) {
  const auto blanks = [](std::size_t size) {
    return "__print_flags(REC->reason" + repeated(",a", size / 2) + "," + std::string(size / 2, ' ') + ")";
  };
  EXPECT_LT(growth_of_symbols(blanks), kAtMost);
}

TEST(LinearTime, ManyFormats) {
  const auto catalog_of = [](std::size_t count) {
    std::vector<test_support::FormatSpec> formats;
    for (std::size_t i = 0; i < count; ++i) formats.push_back({"test", format_text("event", static_cast<int>(i), "")});
    const std::string section = test_support::tracing_data_bytes(formats);
    return [section, count] {
      const auto tracing_data = perf_data::parse_tracing_data(test_support::bytes_of(section));
      ASSERT_TRUE(tracing_data);
      EXPECT_EQ(Catalog::from(*tracing_data)->formats().size(), count);
    };
  };
  EXPECT_LT(growth(4000, catalog_of), kAtMost);
}

}  // namespace
}  // namespace sockscope::tracepoint

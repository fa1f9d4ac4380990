#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/field_access.h"
#include "tests/parsers/fixtures.h"

// Recordings that perf 6.1 cannot open (attrs of 136 bytes), against what microsoft/LinuxTracepoints-Net reads in them.
namespace sockscope::tracepoint {
namespace {

// Wall time with a digit for 100 ns, which is what their reader keeps.
std::string wall_time(std::uint64_t time_ns, const perf_data::ClockReference& clock) {
  const std::uint64_t wall_ns = time_ns - clock.clock_ns + clock.wall_ns;
  const auto seconds = static_cast<std::time_t>(wall_ns / 1'000'000'000U);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:07}Z", fmt::gmtime(seconds), wall_ns % 1'000'000'000U / 100);
}

// Their text has no trailing zeros.
std::string padded_time(std::string text) {
  text.pop_back();
  const std::size_t whole = std::string_view("2024-03-28T00:45:12").size();
  if (text.size() == whole) text.push_back('.');
  text.resize(whole + 8, '0');
  return text + "Z";
}

// A process id: "0x950".
std::int64_t number(const nlohmann::json& value) {
  return value.is_string() ? std::stoll(value.get<std::string>(), nullptr, 16) : value.get<std::int64_t>();
}

// The file lists all events twice: in the order of the file, then in the order of time.
std::vector<std::string> expected_switches(const std::filesystem::path& path) {
  std::ifstream file(path);
  const auto events = nlohmann::json::parse(file, nullptr, true, true);
  std::vector<std::string> lines;
  for (std::size_t i = events.size() / 2; i < events.size(); ++i) {
    const auto& event = events[i];
    if (event.value("n", "") != "sched:sched_switch") continue;
    lines.push_back(fmt::format("{} {} {}:{} {} {}:{}", padded_time(event["meta"]["time"]),
                                event["meta"]["cpu"].get<int>(), event["prev_comm"].get<std::string>(),
                                number(event["prev_pid"]), number(event["prev_state"]),
                                event["next_comm"].get<std::string>(), number(event["next_pid"])));
  }
  return lines;
}

std::vector<std::string> switches_read(const perf_data::Reader& reader, const Catalog& catalog) {
  const Format& event = *catalog.find("sched", "sched_switch");
  const auto integer = [&event](const char* name) { return IntegerField::of(event, name).value(); };
  const auto text = [&event](const char* name) { return StringField::of(event, name).value(); };
  std::vector<std::string> lines;
  auto stream = reader.records();
  while (const perf_data::Record* record = stream.next()) {
    if (record->attr == perf_data::kNoAttr || reader.attrs()[record->attr].config != event.id) continue;
    if (common_type(record->payload) != event.id) continue;
    const auto payload = record->payload;
    lines.push_back(fmt::format("{} {} {}:{} {} {}:{}", wall_time(record->time_ns, *reader.info().clock_reference),
                                record->cpu, *text("prev_comm").read(payload), *integer("prev_pid").read(payload),
                                *integer("prev_state").read(payload), *text("next_comm").read(payload),
                                *integer("next_pid").read(payload)));
  }
  return lines;
}

class ForeignGolden : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Recordings, ForeignGolden, testing::Values("perf.data", "pipe.data"),
                         [](const auto& test) { return std::string(test.param).substr(0, 4); });

TEST_P(ForeignGolden, EveryContextSwitchInTheOrderOfTime) {
  const std::string folder = "linuxtracepoints-net/";
  SOCKSCOPE_NEEDS_FIXTURE(folder + GetParam());
  const auto reader = perf_data::Reader::open(fixture(folder + GetParam()));
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_TRUE(reader->info().clock_reference);
  const auto catalog = Catalog::from(*reader->tracing_data());
  ASSERT_TRUE(catalog) << catalog.error().message;
  EXPECT_TRUE(catalog->rejected().empty());
  const auto expected = expected_switches(fixture(folder + "expected__" + GetParam() + ".json"));
  ASSERT_EQ(expected.size(), GetParam() == std::string_view("perf.data") ? 285U : 297U);
  EXPECT_EQ(switches_read(*reader, *catalog), expected);
}

}  // namespace
}  // namespace sockscope::tracepoint

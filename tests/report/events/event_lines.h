#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/perf_data/attr.h"
#include "parsers/tracepoint/catalog.h"
#include "report/events/event_plan.h"
#include "report/events/event_writer.h"
#include "tests/parsers/tracepoint/format_samples.h"
#include "tests/support/byte_writer.h"

// What a test of printed events begins with.
namespace sockscope {

inline constexpr std::uint16_t kTestId = 100;

/// A catalog of one tracepoint, test:event, with the common fields and these lines of a format.
struct TestEvent {
  explicit TestEvent(std::string_view fields, std::string_view print_fmt = R"("")",
                     perf_data::ByteOrder order = perf_data::ByteOrder::kNative)
      : text(tracepoint::format_text("event", kTestId, fields, print_fmt)),
        catalog(tracepoint::Catalog::from(
            {.byte_order = order, .long_size = 8, .page_size = 4096, .formats = {{.system = "test", .text = text}}})) {}

  std::string text;
  Result<tracepoint::Catalog> catalog;
};

/// The attr that recorded it.
[[nodiscard]] inline perf_data::Attr tracepoint_attr(std::uint64_t id, std::string name) {
  perf_data::Attr attr;
  attr.type = 2;
  attr.config = id;
  attr.name = std::move(name);
  return attr;
}

/// The line of one event in one style, without its line feed.
[[nodiscard]] inline std::string line_of(const EventPlans& plans, PrintableEvent event) {
  event.plan = &plans.plans().front();
  TextBuffer out;
  EventWriter(plans.style()).write(event, out);
  std::string line(out.text());
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  EXPECT_FALSE(line.contains('\n'));
  return line;
}

/// An event of TestEvent as its recording has it: at 1.000000002 s, on CPU 3, thread 11 of process 10, "comm".
[[nodiscard]] inline PrintableEvent event_with(std::string_view payload) {
  return {.time_ns = 1'000'000'002,
          .payload = test_support::bytes_of(payload),
          .comm = "comm",
          .cpu = 3,
          .pid = 10,
          .tid = 11};
}

[[nodiscard]] inline std::string line_of(const TestEvent& event, std::string_view payload, EventStyle style) {
  if (!event.catalog) return event.catalog.error().message;
  const std::vector<perf_data::Attr> attrs{tracepoint_attr(kTestId, "test:event")};
  return line_of(EventPlans(attrs, &*event.catalog, style), event_with(payload));
}

/// What stands behind the event's name in a line of text: " k=v k=v".
[[nodiscard]] inline std::string text_fields(const TestEvent& event, std::string_view payload) {
  const std::string line = line_of(event, payload, EventStyle::kText);
  constexpr std::string_view prefix = "            comm    10/11    [003]     1.000000002: test:event:";
  EXPECT_TRUE(line.starts_with(prefix)) << line;
  return line.substr(std::min(prefix.size(), line.size()));
}

/// The object of "fields" in JSON, and what follows "common" (names, if there are any).
struct JsonFields {
  std::string fields;
  std::string rest;

  friend bool operator==(const JsonFields&, const JsonFields&) = default;
};

[[nodiscard]] inline JsonFields json_fields(const TestEvent& event, std::string_view payload) {
  const std::string line = line_of(event, payload, EventStyle::kJson);
  constexpr std::string_view prefix =
      R"({"time_ns":1000000002,"cpu":3,"pid":10,"tid":11,"comm":"comm","event":"test:event","fields":)";
  constexpr std::string_view common = R"(,"common":{"common_flags":0,"common_preempt_count":0,"common_pid":4711})";
  const std::size_t common_at = line.find(common);
  EXPECT_TRUE(line.starts_with(prefix) && common_at != std::string::npos) << line;
  if (common_at == std::string::npos) return {};
  return {line.substr(prefix.size(), common_at - prefix.size()), line.substr(common_at + common.size())};
}

}  // namespace sockscope

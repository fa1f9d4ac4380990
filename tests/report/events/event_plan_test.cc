#include "report/events/event_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/report/events/event_lines.h"

namespace sockscope {
namespace {

constexpr std::string_view kField = "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n";

std::string name_of(const perf_data::Attr& attr, const tracepoint::Catalog* catalog = nullptr) {
  return EventPlans({attr}, catalog, EventStyle::kText).plans().front().name;
}

TEST(EventPlans, NameAnEventAsPerfDidOrElseByItsNumbers) {
  const TestEvent event(kField);
  EXPECT_EQ(name_of(tracepoint_attr(kTestId, "my-name"), &*event.catalog), "my-name");
  EXPECT_EQ(name_of(tracepoint_attr(kTestId, ""), &*event.catalog), "test:event");
  EXPECT_EQ(name_of(tracepoint_attr(7, ""), &*event.catalog), "unknown:7");
  EXPECT_EQ(name_of(tracepoint_attr(7, "")), "unknown:7");
  EXPECT_EQ(name_of(tracepoint_attr(kTestId + 0x10000, ""), &*event.catalog), "unknown:65636");
  perf_data::Attr clock;
  clock.type = 1;
  EXPECT_EQ(name_of(clock), "1:0");
}

TEST(EventPlans, AlignNamesAsPerfDoes) {
  const TestEvent event(kField);
  const std::vector<perf_data::Attr> attrs{tracepoint_attr(kTestId, "test:event"), tracepoint_attr(7, "test:longer")};
  const EventPlans plans(attrs, &*event.catalog, EventStyle::kText);
  EXPECT_EQ(plans.plans()[0].label.text(), " test:event:");
  EXPECT_EQ(plans.plans()[1].label.text(), "test:longer:");
}

TEST(EventPlans, EscapeNames) {
  const perf_data::Attr attr = tracepoint_attr(7, "a\x1b\",");
  const auto label = [&](EventStyle style) {
    return std::string(EventPlans({attr}, nullptr, style).plans().front().label.text());
  };
  EXPECT_EQ(label(EventStyle::kText), "a\\x1b\",:");
  EXPECT_EQ(label(EventStyle::kJson), R"("event":"a\u001b\",","fields":)");
  EXPECT_EQ(label(EventStyle::kCsv), R"("a\x1b"",",)");
}

TEST(EventPlans, FindThePlanOfASampleWithoutAttrByItsType) {
  const TestEvent event(kField);
  const EventPlans plans({tracepoint_attr(7, "other")}, &*event.catalog, EventStyle::kText);
  const auto name = [&](std::size_t attr, std::string_view payload) {
    return plans.plan_of({.attr = attr, .body = {}, .payload = test_support::bytes_of(payload)}).name;
  };
  EXPECT_EQ(name(0, ""), "other");
  EXPECT_EQ(name(perf_data::kNoAttr, tracepoint::payload_of(kTestId).str()), "test:event");
  EXPECT_EQ(name(perf_data::kNoAttr, tracepoint::payload_of(kTestId + 1).str()), "unknown");
  EXPECT_EQ(name(perf_data::kNoAttr, ""), "unknown");
}

TEST(EventPlans, BelieveNoFormatWhoseFieldsNoRecordCanHold) {
  const std::string most = "\tfield:char a[65000];\toffset:8;\tsize:65000;\tsigned:0;\n";
  const TestEvent fits(most);
  const TestEvent too_much(most + "\tfield:char b[600];\toffset:8;\tsize:600;\tsigned:0;\n");
  const auto has_format = [](const TestEvent& event) {
    return EventPlans({tracepoint_attr(kTestId, "")}, &*event.catalog, EventStyle::kText).plans().front().has_format;
  };
  EXPECT_TRUE(has_format(fits));
  EXPECT_FALSE(has_format(too_much));
}

}  // namespace
}  // namespace sockscope

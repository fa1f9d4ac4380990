#include "report/functions_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "report/functions_words.h"
#include "tests/report/documented_keys.h"
#include "tests/report/golden.h"
#include "tests/report/sample_functions.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

TEST(FunctionsReport, Table) { expect_golden("functions.txt", render_functions_table(sample_functions())); }
TEST(FunctionsReport, FlawedTable) {
  expect_golden("functions-flawed.txt", render_functions_table(flawed_functions()));
}
TEST(FunctionsReport, Json) { expect_golden("functions.json", render_functions_json(sample_functions())); }
TEST(FunctionsReport, Folded) { expect_golden("functions.folded", render_functions_folded(sample_functions())); }

TEST(FunctionsReport, SaysThatThereAreNone) {
  FunctionsReport report = sample_functions();
  report.compared = {};
  const std::string text = render_functions_table(report);
  EXPECT_THAT(text, HasSubstr("0 functions only in TCP, 0 only in UDP, 0 in both, of which 0 differ\n"));
  EXPECT_THAT(text, HasSubstr("\nONLY IN TCP: none\n"));
  EXPECT_THAT(text, HasSubstr("\nONLY IN UDP: none\n"));
  EXPECT_THAT(text, HasSubstr("\nIN BOTH: none\n"));
}

TEST(FunctionsReport, SaysThatFtraceCountedCalls) {
  FunctionsReport report = sample_functions();
  report.are_calls = true;
  report.sides[0].lost_events = 3;
  const std::string text = render_functions_table(report);
  EXPECT_THAT(text, HasSubstr("  TCP: 3 rounds, 300 messages, 1,902 calls of functions\n"));
  EXPECT_THAT(text, HasSubstr("Hits are calls of the function. A function counts"));
  EXPECT_THAT(text, HasSubstr("3 of 3,411 events were lost, ftrace's buffer was full: "));
  EXPECT_EQ(Json::parse(render_functions_json(report))["hits"], "calls");
}

TEST(FunctionsReport, HasNoFloorThatNobodyMeasured) {
  FunctionsReport report = sample_functions();
  report.compared.both[0].floor = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(Json::parse(render_functions_json(report))["in_both"][0]["floor"].is_null());
}

TEST(FunctionsReport, LetsNoNameSteerTheTerminal) {
  for (const std::string& text :
       {render_functions_table(flawed_functions()), render_functions_folded(flawed_functions()),
        render_functions_json(flawed_functions())}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << text;
  }
  EXPECT_THAT(render_functions_table(flawed_functions()), HasSubstr("\\x1b[2Jsteer"));
}

TEST(FunctionsReport, KeepsToTheWidth) {
  const std::string text = render_functions_table(flawed_functions());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 100U) << text.substr(at, end - at);
    at = end + 1;
  }
}

TEST(FormatRate, HasTheDigitsThatItDeserves) {
  EXPECT_EQ(format_rate(0), "0");
  EXPECT_EQ(format_rate(0.0004), "<0.001");
  EXPECT_EQ(format_rate(0.0005), "0.001");
  EXPECT_EQ(format_rate(9.9994), "9.999");
  EXPECT_EQ(format_rate(14.987), "14.99");
  EXPECT_EQ(format_rate(std::numeric_limits<double>::infinity()), "-");
}

std::string kind_of_key(const std::string& key) {
  const std::set<std::string> lists{"only_in_a", "only_in_b", "in_both", "unsettled", "bpf_programs"};
  if (lists.contains(key)) return "<function>";
  return key == "a" || key == "b" ? "<side>" : "";
}

void collect(const Json& json, const std::string& path, std::set<std::string>& keys) {  // NOLINT(misc-no-recursion)
  for (const auto& [key, value] : json.items()) {
    const std::string full = path.empty() ? key : fmt::format("{}.{}", path, key);
    keys.insert(full);
    if (full == "environment" || full == "plan") continue;
    const std::string kind = kind_of_key(key);
    if (value.is_object()) collect(value, kind.empty() ? full : kind, keys);
    if (!value.is_array() || value.empty() || !value[0].is_object()) continue;
    for (const Json& element : value) collect(element, kind, keys);
  }
}

TEST(FunctionsReport, IsDescribedKeyByKey) {
  std::set<std::string> keys;
  collect(Json::parse(render_functions_json(sample_functions())), "", keys);
  collect(Json::parse(render_functions_json(flawed_functions())), "", keys);
  EXPECT_EQ(keys, documented_keys("the functions"));
}

}  // namespace
}  // namespace sockscope::testing

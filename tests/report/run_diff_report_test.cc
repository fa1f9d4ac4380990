#include "report/run_diff_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/report/documented_keys.h"
#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

RunDiffReport report_of(const Summary& a, const Summary& b) {
  return {
      .a = {.path = "before", .title = a.title}, .b = {.path = "after", .title = b.title}, .diff = diff_runs(a, b, {})};
}

RunDiffReport sample_report() {
  Summary later = compared();
  later.environment[0].second = "6.19.2";
  later.environment.pop_back();
  later.plan.emplace_back("poll", "epoll");
  later.variants.pop_back();
  return report_of(compared(), later);
}

TEST(RunDiffReport, Table) { expect_golden("run_diff.txt", render_diff_table(sample_report())); }
TEST(RunDiffReport, Json) { expect_golden("run_diff.json", render_diff_json(sample_report())); }

TEST(RunDiffReport, OfOneMachineSaysSo) {
  const std::string text = render_diff_table(report_of(compared(), compared()));
  EXPECT_THAT(text, HasSubstr("ENVIRONMENT: the same\n"));
  EXPECT_THAT(text, HasSubstr("PLAN: the same\n"));
}

/// Every key, as results/README.md spells it.
std::set<std::string> written_keys() {
  const Json json = Json::parse(render_diff_json(sample_report()));
  std::set<std::string> keys;
  for (const auto& [key, value] : json.items()) {
    keys.insert(key == "protocols" ? "protocols.<protocol>.<watched>.<figure>" : key);
    const Json& inner = value.is_array() && !value.empty() && value[0].is_object() ? value : Json::array();
    for (const Json& element : inner) {
      for (const auto& [name, of_element] : element.items()) keys.insert(key + "[]." + name);
    }
    if (key != "a" && key != "b") continue;
    for (const auto& [name, of_side] : value.items()) keys.insert(key + "." + name);
  }
  // A plan's facts are described as the environment's.
  std::erase_if(keys, [](const std::string& key) { return key.starts_with("plan[]"); });
  return keys;
}

TEST(RunDiffReport, IsDescribedKeyByKey) { EXPECT_EQ(written_keys(), documented_keys("a diff")); }

}  // namespace
}  // namespace sockscope::testing

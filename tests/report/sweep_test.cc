#include "report/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using Json = nlohmann::ordered_json;

std::vector<SizedSummary> sample_sweep() { return {{64, compared()}, {1'400, compared()}, {16'384, full_compare()}}; }

TEST(Sweep, IsOneTableOfAllSizesThatWereCompared) { expect_golden("sweep.txt", render_sweep_table(sample_sweep())); }

TEST(Sweep, WithoutAComparisonHasNoTable) { EXPECT_EQ(render_sweep_table({{64, full_compare()}}), ""); }

TEST(Sweep, HasASeriesOfEachVariant) {
  const Json json = Json::parse(render_json_sweep(sample_sweep()));
  EXPECT_EQ(json.at("schema"), "sockscope.sweep/1");
  EXPECT_EQ(json.at("reports").size(), 3U);
  const Json& compared_tcp = json.at("reports").at(0).at("comparison").at("rtt");
  EXPECT_EQ(json.at("series").at("tcp"), (Json{{{"size", 64}, {"rtt_p50_ns", compared_tcp.at("a_ns")}},
                                               {{"size", 1'400}, {"rtt_p50_ns", compared_tcp.at("a_ns")}}}));
  EXPECT_EQ(json.at("series").at("udp").at(1).at("rtt_p50_ns"), compared_tcp.at("b_ns"));
}

}  // namespace
}  // namespace sockscope::testing

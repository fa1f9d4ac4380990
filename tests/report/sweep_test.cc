#include "report/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

Sweep sample_sweep() {
  return {.by = SweptBy::kSize, .points = {{64, compared()}, {1'400, compared()}, {16'384, full_compare()}}};
}

TEST(Sweep, IsOneTableOfAllSizesThatWereCompared) { expect_golden("sweep.txt", render_sweep_table(sample_sweep())); }

TEST(Sweep, WithoutAComparisonHasNoTable) {
  EXPECT_EQ(render_sweep_table({.by = SweptBy::kSize, .points = {{64, full_compare()}}}), "");
}

TEST(Sweep, SaysWhatItVaries) {
  const Sweep by_rate{.by = SweptBy::kRate, .points = {{0.5, compared()}, {2'000, compared()}}};
  const std::string table = render_sweep_table(by_rate);
  EXPECT_THAT(table, StartsWith("BY RATE: messages a second; p50 of a round trip"));
  EXPECT_THAT(table, HasSubstr("\n  0.5   "));
  EXPECT_THAT(table, HasSubstr("\n  2,000 "));
  const Json json = Json::parse(render_json_sweep(by_rate));
  EXPECT_EQ(json.at("swept"), "rate");
  EXPECT_EQ(json.at("values").dump(), "[0.5,2000]");
  EXPECT_EQ(json.at("series").at("udp").at(0).at("rate"), 0.5);
  const Sweep by_flows{.by = SweptBy::kFlows, .points = {{4, compared()}}};
  EXPECT_THAT(render_sweep_table(by_flows), StartsWith("BY FLOWS: sockets at each end; "));
  EXPECT_EQ(Json::parse(render_json_sweep(by_flows)).at("series").at("tcp").at(0).at("flows"), 4);
}

TEST(Sweep, HasASeriesOfEachVariant) {
  const Json json = Json::parse(render_json_sweep(sample_sweep()));
  EXPECT_EQ(json.at("schema"), "sockscope.sweep/1");
  EXPECT_EQ(json.at("swept"), "size");
  EXPECT_EQ(json.at("values"), (Json{64, 1'400, 16'384}));
  EXPECT_EQ(json.at("reports").size(), 3U);
  const Json& compared_tcp = json.at("reports").at(0).at("comparison").at("rtt");
  EXPECT_EQ(json.at("series").at("tcp"), (Json{{{"size", 64}, {"rtt_p50_ns", compared_tcp.at("a_ns")}},
                                               {{"size", 1'400}, {"rtt_p50_ns", compared_tcp.at("a_ns")}}}));
  EXPECT_EQ(json.at("series").at("udp").at(1).at("rtt_p50_ns"), compared_tcp.at("b_ns"));
}

}  // namespace
}  // namespace sockscope::testing

#include "report/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/report/golden.h"
#include "tests/report/sample_summaries.h"

namespace sockscope::testing {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;

Json parsed(const Summary& summary) { return Json::parse(render_json(summary)); }

TEST(JsonGolden, FullCompare) { expect_golden("full_compare.json", render_json(full_compare())); }
TEST(JsonGolden, FlawedCompare) { expect_golden("flawed_compare.json", render_json(flawed_compare())); }
TEST(JsonGolden, UntracedOnly) { expect_golden("untraced_only.json", render_json(untraced_only())); }
TEST(JsonGolden, ForeignRecording) { expect_golden("foreign_recording.json", render_json(foreign_recording())); }
TEST(JsonGolden, OwnPrograms) { expect_golden("own_programs.json", render_json(own_programs())); }
TEST(JsonGolden, TracedOneWay) { expect_golden("traced_one_way.json", render_json(traced_one_way())); }
TEST(JsonGolden, LackingStages) { expect_golden("lacking_stages.json", render_json(lacking_stages())); }
TEST(JsonGolden, Empty) { expect_golden("empty.json", render_json(Summary())); }

TEST(Json, NamesItsSchemaFirst) {
  EXPECT_THAT(render_json(full_compare()), ::testing::StartsWith("{\n  \"schema\": \"sockscope.compare/1\""));
  EXPECT_EQ(parsed(foreign_recording())["schema"], "sockscope.report/1");
}

TEST(Json, EndsWithOneLineFeed) {
  const std::string json = render_json(full_compare());
  EXPECT_TRUE(json.ends_with("}\n"));
}

TEST(Json, IsTheSameEveryTime) { EXPECT_EQ(render_json(flawed_compare()), render_json(flawed_compare())); }

TEST(Json, HasTheKeysOfTheDesign) {
  const Json tcp = parsed(full_compare())["protocols"]["tcp"];
  for (const char* key : {"count", "min", "p50", "p90", "p99", "p999", "max"}) {
    EXPECT_TRUE(tcp["untraced"]["rtt_ns"][key].is_number_unsigned()) << key;
    EXPECT_TRUE(tcp["traced"]["rtt_ns"][key].is_number_unsigned()) << key;
  }
  for (const char* key : {"syscalls", "skbs", "softirqs", "context_switches", "wakeups"}) {
    EXPECT_TRUE(tcp["per_round_trip"][key].is_number()) << key;
  }
  for (const char* key : {"voluntary", "involuntary", "getrusage_voluntary", "getrusage_involuntary"}) {
    EXPECT_TRUE(tcp["context_switches"]["client"][key].is_number_unsigned()) << key;
    EXPECT_TRUE(tcp["context_switches"]["server"][key].is_number_unsigned()) << key;
  }
  EXPECT_EQ(tcp["stages"].size(), 13U);
  EXPECT_EQ(tcp["stages"][6]["direction"], "server");
  EXPECT_EQ(tcp["stages"][6]["name"], "turn-around");
  // 29,790 by the workload's clock under perf, 12,368 (the middle of 12,370's bucket) without.
  EXPECT_EQ(tcp["tracing_cost"], 2.408635);
}

TEST(Json, StageSumsAddUpToTheRoundTrips) {
  const Json tcp = parsed(full_compare())["protocols"]["tcp"];
  std::uint64_t sum = 0;
  for (const Json& stage : tcp["stages"]) sum += stage["sum_ns"].get<std::uint64_t>();
  Summary summary = full_compare();
  EXPECT_EQ(sum, traced_of(summary, 0).rtt.sum());
  EXPECT_EQ(sum, 8'000U * 24'630U + 12'000U * 29'590U);
}

TEST(Json, WhatWasNotMeasuredHasNoKey) {
  const Json untraced = parsed(untraced_only())["protocols"]["tcp"];
  for (const char* key : {"traced", "per_round_trip", "stages", "context_switches", "threads", "tracing_cost"}) {
    EXPECT_FALSE(untraced.contains(key)) << key;
  }
  const Json foreign = parsed(foreign_recording())["protocols"];
  EXPECT_FALSE(foreign.contains("udp"));
  EXPECT_FALSE(foreign["tcp"].contains("untraced"));
  EXPECT_FALSE(foreign["tcp"].contains("tracing_cost"));
  EXPECT_FALSE(foreign["tcp"]["traced"].contains("workload_rtt_ns"));
  EXPECT_FALSE(foreign["tcp"]["context_switches"]["client"].contains("getrusage_voluntary"));
}

TEST(Json, AStageWithoutDurationsHasNoTimes) {
  const Json wake_up = parsed(lacking_stages())["protocols"]["tcp"]["stages"][4];
  EXPECT_EQ(wake_up, (Json{{"direction", "request"}, {"name", "wake-up"}, {"count", 0}, {"absent", 20'000}}));
}

TEST(Json, AnEmptyDistributionHasOnlyItsCount) {
  Summary summary = full_compare();
  untraced_of(summary, 0).rtt = Histogram();
  EXPECT_EQ(parsed(summary)["protocols"]["tcp"]["untraced"]["rtt_ns"], (Json{{"count", 0}}));
}

TEST(Json, IncompleteDataIsUnreliable) {
  const Json sound = parsed(full_compare());
  EXPECT_EQ(sound["protocols"]["tcp"]["traced"]["reliable"], true);
  EXPECT_EQ(sound["data_quality"]["complete"], true);
  const Json flawed = parsed(flawed_compare());
  EXPECT_EQ(flawed["protocols"]["tcp"]["traced"]["reliable"], false);
  EXPECT_EQ(flawed["data_quality"]["complete"], false);
  EXPECT_EQ(flawed["interrupted"], true);
}

TEST(Json, AFailingLawMakesOnlyItsProtocolUnreliable) {
  const Json protocols = parsed(one_law_fails())["protocols"];
  EXPECT_EQ(protocols["tcp"]["traced"]["reliable"], true);
  EXPECT_EQ(protocols["udp"]["traced"]["reliable"], false);
}

TEST(Json, HostileTextStaysAsciiAndParses) {
  Summary summary = full_compare();
  traced_of(summary, 0).client.comm = "\x1b[31m\xff\xc2\x9b\x7f";
  const std::string json = render_json(summary);
  EXPECT_TRUE(std::ranges::all_of(json, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  EXPECT_THAT(json, HasSubstr(R"("comm": "\u001b[31m\ufffd\u009b\u007f")"));
  EXPECT_FALSE(parsed(hostile()).empty());
}

TEST(Json, TheLargestCountsSurvive) {
  Summary summary = full_compare();
  summary.data_quality.lost_events = UINT64_MAX;
  EXPECT_THAT(render_json(summary), HasSubstr("\"lost_events\": 18446744073709551615"));
}

}  // namespace
}  // namespace sockscope::testing

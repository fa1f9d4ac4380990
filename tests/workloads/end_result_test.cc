#include "workloads/end_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

EndResult sample_result() {
  EndResult result;
  result.identity = {.role = Role::kServer, .tid = 4711, .fd = 5};
  result.start_ns = 1'000'000'000'001;
  result.end_ns = 1'000'000'900'002;
  result.round_trips = 3;
  result.lost = 1;
  result.usage = {.voluntary_switches = 7, .involuntary_switches = 2, .user_us = 11, .system_us = 13};
  for (const std::uint64_t rtt : {12'000U, 15'000U, 400'000U}) result.rtt.record(rtt);
  return result;
}

TEST(EndResult, IsTheSameAfterARoundTripThroughJson) {
  const EndResult before = sample_result();
  const auto read = end_result_from_json(Json::parse(to_json(before).dump()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->identity.role, Role::kServer);
  EXPECT_EQ(read->identity.tid, 4711);
  EXPECT_EQ(read->identity.fd, 5);
  EXPECT_EQ(read->start_ns, 1'000'000'000'001U);
  EXPECT_EQ(read->end_ns, 1'000'000'900'002U);
  EXPECT_EQ(read->round_trips, 3U);
  EXPECT_EQ(read->lost, 1U);
  EXPECT_EQ(read->usage.voluntary_switches, 7U);
  EXPECT_EQ(read->usage.involuntary_switches, 2U);
  EXPECT_EQ(read->usage.user_us, 11U);
  EXPECT_EQ(read->usage.system_us, 13U);
  EXPECT_EQ(read->rtt.count(), 3U);
  EXPECT_EQ(read->rtt.sum(), 427'000U);
  EXPECT_EQ(read->rtt.min(), 12'000U);
  EXPECT_EQ(read->rtt.max(), 400'000U);
  EXPECT_EQ(read->rtt.filled_buckets(), before.rtt.filled_buckets());
}

TEST(EndResult, KeepsWhatItsWorkloadMeasuredAndItsSocket) {
  EndResult before = sample_result();
  Histogram one_way;
  one_way.record(777);
  before.measured = {.unit = "message", .units = 5, .times = {{"one_way", one_way}}, .counts = {{"lost", 2}}};
  before.socket = {{"congestion", "cubic"}, {"nodelay", "1"}};
  const auto read = end_result_from_json(Json::parse(to_json(before).dump()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->measured.unit, "message");
  EXPECT_EQ(read->measured.units, 5U);
  ASSERT_NE(read->measured.time("one_way"), nullptr);
  EXPECT_EQ(read->measured.time("one_way")->max(), 777U);
  EXPECT_EQ(read->measured.counts, before.measured.counts);
  EXPECT_EQ(read->socket, before.socket);
}

// As version 0.1 wrote them.
TEST(EndResult, OfAnEarlierVersionHasNothingButRoundTrips) {
  Json json = to_json(sample_result());
  json.erase("measured");
  json.erase("socket");
  const auto read = end_result_from_json(json);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->rtt.count(), 3U);
  EXPECT_EQ(read->measured.units, 0U);
  EXPECT_TRUE(read->socket.empty());
}

TEST(EndResult, OfAClientSaysSo) {
  EndResult client = sample_result();
  client.identity.role = Role::kClient;
  EXPECT_EQ(to_json(client).at("role"), "client");
  EXPECT_EQ(end_result_from_json(to_json(client)).value_or(sample_result()).identity.role, Role::kClient);
}

TEST(EndResult, SaysHowExactItsHistogramIs) {
  // Half of a bucket that is 1/256 of its value wide.
  EXPECT_EQ(to_json(sample_result()).at("rtt").at("max_relative_error"), 1.0 / 512);
}

class RequiredKey : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(OfAnEnd, RequiredKey,
                         testing::Values("role", "tid", "fd", "start_ns", "end_ns", "round_trips", "lost",
                                         "voluntary_switches", "involuntary_switches", "user_us", "system_us", "rtt"),
                         [](const auto& key) { return std::string(key.param); });

TEST_P(RequiredKey, IsNamedWhenItIsMissing) {
  Json json = to_json(sample_result());
  ASSERT_TRUE(end_result_from_json(json));
  json.erase(GetParam());
  const auto read = end_result_from_json(json);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kInput);
  EXPECT_THAT(read.error().message, StartsWith("not the result of a workload's end: "));
  EXPECT_THAT(read.error().message, HasSubstr(fmt::format("key '{}' not found", GetParam())));
}

class RequiredHistogramKey : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(OfAHistogram, RequiredHistogramKey, testing::Values("min_ns", "max_ns", "sum_ns", "buckets"),
                         [](const auto& key) { return std::string(key.param); });

TEST_P(RequiredHistogramKey, IsNamedWhenItIsMissing) {
  Json json = to_json(sample_result());
  json["rtt"].erase(GetParam());
  const auto read = end_result_from_json(json);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kInput);
  EXPECT_THAT(read.error().message, StartsWith("not a histogram: "));
  EXPECT_THAT(read.error().message, HasSubstr(fmt::format("key '{}' not found", GetParam())));
}

TEST(EndResult, OfAnotherTypeIsAnErrorAndNoCrash) {
  for (const char* text : {"null", "[]", "3", "\"done\"", "{}"}) {
    const auto read = end_result_from_json(Json::parse(text));
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::kInput) << text;
  }
}

TEST(EndResult, WithATextForANumberIsAnError) {
  Json json = to_json(sample_result());
  json["round_trips"] = "three";
  const auto read = end_result_from_json(json);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kInput);
  EXPECT_THAT(read.error().message, HasSubstr("type must be number, but is string"));
}

}  // namespace
}  // namespace sockscope

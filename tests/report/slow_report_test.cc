#include "report/slow_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "report/slow_words.h"
#include "tests/report/documented_keys.h"
#include "tests/report/golden.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

constexpr std::int32_t kClientTid = 100;
constexpr std::int32_t kServerTid = 200;
constexpr std::int32_t kHog = 700;
constexpr std::uint64_t kBegin = 12'000'000'000;

PathSegment segment(std::uint64_t from, std::uint64_t to, Direction direction, Stage stage, PathCause cause,
                    std::int32_t task, std::int32_t who) {
  return {.from_ns = kBegin + from,
          .to_ns = kBegin + to,
          .direction = direction,
          .stage = stage,
          .cause = cause,
          .task = task,
          .who = who,
          .cpu = 1};
}

ExchangeStory story(std::uint64_t duration, std::vector<PathSegment> segments) {
  ExchangeStory one;
  one.exchange.client_tid = kClientTid;
  one.exchange.server_tid = kServerTid;
  one.exchange.request = MessagePath{.enter_ns = kBegin, .exit_ns = kBegin + duration / 2};
  one.exchange.response = MessagePath{.enter_ns = kBegin + duration / 2, .exit_ns = kBegin + duration};
  one.variant = "tcp";
  one.round = 3;
  one.names = {{kClientTid, "echo-client"}, {kHog, "hog"}};
  one.segments = std::move(segments);
  return one;
}

/// 5,012.345 us, of which a hog took 5,000 in two turns and another task 2.
SlowReport sample_report() {
  using enum Direction;
  using enum PathCause;
  const ExchangeStory median =
      story(11'000, {segment(0, 1'000, kRequest, Stage::kSend, kRunning, kClientTid, kClientTid),
                     segment(1'000, 11'000, kRequest, Stage::kWakeUp, kIdleCpu, kServerTid, 0)});
  ExchangeStory slow =
      story(5'012'345, {segment(0, 1'345, kRequest, Stage::kSend, kRunning, kClientTid, kClientTid),
                        segment(1'345, 2'001'345, kRequest, Stage::kWakeUp, kOtherTask, kServerTid, kHog),
                        segment(2'001'345, 2'003'345, kRequest, Stage::kWakeUp, kOtherTask, kServerTid, 15),
                        segment(2'003'345, 5'003'345, kRequest, Stage::kWakeUp, kOtherTask, kServerTid, kHog),
                        segment(5'003'345, 5'012'345, kRequest, Stage::kDeliver, kRunning, kServerTid, kServerTid)});
  slow.culprit = 3;
  slow.segments[1].is_certain = false;
  SlowReport report{.path = "run", .over_ns = 1'000'000, .found = {}};
  ExchangeGroup group{.variant = "tcp", .are_round_trips = true, .durations = {}, .median = median};
  for (const std::uint64_t duration : {11'000U, 11'000U, 5'012'345U}) group.durations.record(duration);
  report.found.groups.push_back(std::move(group));
  report.found.slowest.push_back(std::move(slow));
  report.found.over = 1;
  report.found.losses = 2;
  report.found.lost = {{.sender_tid = 7, .receiver_tid = 8, .enter_ns = kBegin, .drop_ns = kBegin + 1'500},
                       {.sender_tid = 7, .receiver_tid = 0, .enter_ns = kBegin + 10, .drop_ns = kBegin + 2'510}};
  report.found.unmatched = 4;
  report.found.retransmits = 1;
  report.found.lost_events = 5;
  report.found.is_filtered = true;
  report.found.lacks_switches = true;
  report.found.lacks = {"tcp:tcp_retransmit_skb"};
  return report;
}

TEST(SlowReport, Table) { expect_golden("slow.txt", render_slow_table(sample_report())); }
TEST(SlowReport, Json) { expect_golden("slow.json", render_slow_json(sample_report())); }

TEST(SlowReport, SaysThatNothingTookSoLong) {
  SlowReport report = sample_report();
  report.found.slowest.clear();
  report.found.over = 0;
  report.over_ns = 1'000'000'000;
  EXPECT_THAT(render_slow_table(report), HasSubstr("\n  none took 1,000,000.000 us or longer\n"));
}

TEST(SlowReport, OfARecordingWithoutMessagesSaysSo) {
  SlowReport report{.path = "empty.data", .over_ns = 0, .found = {}};
  report.found.is_filtered = true;
  const std::string text = render_slow_table(report);
  EXPECT_THAT(text, HasSubstr("no message over TCP or UDP loopback was followed in it"));
  EXPECT_THAT(text, Not(HasSubstr("WHAT THE TRACE DOES NOT KNOW")));
}

TEST(SlowReport, LetsNoNameSteerTheTerminal) {
  SlowReport report = sample_report();
  report.found.slowest[0].names[kHog] = "\x1b[2Jhog";
  EXPECT_THAT(render_slow_table(report), HasSubstr("\\x1b[2Jhog"));
}

std::string kind_of_key(const std::string& key) {
  const std::set<std::string> tasks{"task", "who", "client", "server"};
  if (tasks.contains(key)) return "<task>";
  if (key == "median" || key == "slowest") return "<story>";
  if (key == "culprit" || key == "segments") return "<segment>";
  return "";
}

void collect(const Json& json, const std::string& path, std::set<std::string>& keys) {  // NOLINT(misc-no-recursion)
  for (const auto& [key, value] : json.items()) {
    const std::string full = path.empty() ? key : fmt::format("{}.{}", path, key);
    keys.insert(full);
    const std::string kind = kind_of_key(key);
    if (value.is_object()) collect(value, kind.empty() ? full : kind, keys);
    if (!value.is_array() || value.empty() || !value[0].is_object()) continue;
    for (const Json& element : value) collect(element, kind.empty() ? full + "[]" : kind, keys);
  }
}

TEST(SlowReport, IsDescribedKeyByKey) {
  std::set<std::string> keys;
  collect(Json::parse(render_slow_json(sample_report())), "", keys);
  EXPECT_EQ(keys, documented_keys("the slowest"));
}

TEST(SlowReport, DescribesEveryCause) {
  const std::string readme = read_source_file("results/README.md");
  const std::string doc = read_source_file("docs/slow-messages.md");
  for (int cause = 0; cause <= static_cast<int>(PathCause::kRetransmit); ++cause) {
    const std::string name = fmt::format("`{}`", name_of(static_cast<PathCause>(cause)));
    EXPECT_THAT(readme, HasSubstr(name));
    EXPECT_THAT(doc, HasSubstr("| " + name));
    const PathSegment one = segment(0, 1, Direction::kRequest, Stage::kSend, static_cast<PathCause>(cause), 1, 2);
    EXPECT_THAT(cause_words({}, one), Not(::testing::IsEmpty()));
  }
}

}  // namespace
}  // namespace sockscope::testing

#include "report/figure_json.h"
#include "report/slow_report.h"
#include "report/slow_words.h"

namespace sockscope {
namespace {

Json task(const ExchangeStory& story, std::int32_t tid) {
  Json json{{"tid", tid}};
  if (const auto found = story.names.find(tid); found != story.names.end()) json["comm"] = found->second;
  return json;
}

bool names_somebody(PathCause cause) {
  return cause == PathCause::kRunning || cause == PathCause::kOtherTask || cause == PathCause::kPreempted ||
         cause == PathCause::kKsoftirqd || cause == PathCause::kDelayedAck || cause == PathCause::kNagle;
}

Json segment_part(const ExchangeStory& story, const PathSegment& segment) {
  Json json{{"direction", name_of(segment.direction)},
            {"stage", name_of(segment.stage)},
            {"from_ns", segment.from_ns},
            {"to_ns", segment.to_ns},
            {"duration_ns", segment.duration_ns()},
            {"cause", name_of(segment.cause)},
            {"detail", cause_words(story, segment)},
            {"task", task(story, segment.task)}};
  if (names_somebody(segment.cause)) json["who"] = task(story, segment.who);
  if (segment.cpu) json["cpu"] = *segment.cpu;
  json["certain"] = segment.is_certain;
  json["migrated"] = segment.is_migrated;
  return json;
}

Json story_part(const ExchangeStory& story) {
  const Exchange& exchange = story.exchange;
  const char* const kind = exchange.is_round_trip() ? "round-trip" : exchange.request ? "request" : "response";
  Json json{{"protocol", story.variant},
            {"kind", kind},
            {"begin_ns", exchange.begin_ns()},
            {"end_ns", exchange.end_ns()},
            {"duration_ns", story.duration_ns()}};
  if (story.round != 0) json["round"] = story.round;
  json["client"] = task(story, exchange.client_tid);
  json["server"] = task(story, exchange.server_tid);
  json["events_left_out"] = story.events_left_out;
  if (!story.segments.empty()) json["culprit"] = segment_part(story, story.segments[story.culprit]);
  json["segments"] = Json::array();
  for (const PathSegment& segment : story.segments) json["segments"].push_back(segment_part(story, segment));
  return json;
}

Json group_part(const ExchangeGroup& group) {
  return {{"protocol", group.variant},        {"kind", group.are_round_trips ? "round-trip" : "message"},
          {"count", group.durations.count()}, {"p50_ns", group.durations.quantile(0.5)},
          {"max_ns", group.durations.max()},  {"median", story_part(group.median)}};
}

Json losses_part(const SlowestExchanges& found) {
  Json first = Json::array();
  for (const LostMessage& lost : found.lost) {
    first.push_back({{"sender_tid", lost.sender_tid},
                     {"receiver_tid", lost.receiver_tid},
                     {"begin_ns", lost.enter_ns},
                     {"drop_ns", lost.drop_ns}});
  }
  return {{"cause", "receive-buffer-full"}, {"count", found.losses}, {"first", std::move(first)}};
}

}  // namespace

std::string render_slow_json(const SlowReport& report) {
  const SlowestExchanges& found = report.found;
  Json json{{"schema", "sockscope.slow/1"}, {"path", report.path}, {"over_ns", report.over_ns}, {"over", found.over}};
  json["groups"] = Json::array();
  for (const ExchangeGroup& group : found.groups) json["groups"].push_back(group_part(group));
  json["slowest"] = Json::array();
  for (const ExchangeStory& story : found.slowest) json["slowest"].push_back(story_part(story));
  json["lost"] = losses_part(found);
  json["limits"] = {{"filtered", found.is_filtered},    {"lacks_switches", found.lacks_switches},
                    {"not_recorded", found.lacks},      {"unmatched_messages", found.unmatched},
                    {"lost_events", found.lost_events}, {"tcp_retransmits", found.retransmits}};
  return text_of(json);
}

}  // namespace sockscope

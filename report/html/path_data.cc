#include "report/html/path_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/event_tasks.h"
#include "report/slow_words.h"

namespace sockscope {
namespace {

std::string_view name_of(SyscallKind kind) {
  switch (kind) {
    case SyscallKind::kSend:
      return "send";
    case SyscallKind::kReceive:
      return "receive";
    case SyscallKind::kOther:
      break;
  }
  return "other";
}

/// The name of an event and what belongs to it, behind its time, CPU and thread.
class EventWriter {
 public:
  explicit EventWriter(Json& row) : row_(row) {}

  void operator()(const SyscallEnter& enter) {
    add("enter", name_of(enter.kind));
    if (enter.length) row_.push_back(*enter.length);
  }
  void operator()(const SyscallExit& exit) { add("exit", exit.ret); }
  void operator()(const SocketCall&) { add("enter", "socket"); }
  void operator()(const NetDevQueue& queue) { add("net_dev_queue", queue.len); }
  void operator()(const NetDevXmit&) { add("net_dev_xmit"); }
  void operator()(const NetifRx&) { add("netif_rx"); }
  void operator()(const NetifReceiveSkb&) { add("netif_receive_skb"); }
  void operator()(const TcpProbe& probe) { add("tcp_probe", probe.data_len); }
  void operator()(const SkDataReady&) { add("sk_data_ready"); }
  void operator()(const SockLength& length) {
    add(length.is_send ? "sock_send_length" : "sock_recv_length", length.ret);
  }
  void operator()(const UdpFailQueueRcvSkb&) { add("udp_fail_queue_rcv_skb"); }
  void operator()(const TcpRetransmitSkb&) { add("tcp_retransmit_skb"); }
  void operator()(const NetRxSoftirq&) { add("softirq_entry"); }
  void operator()(const NetRxSoftirqEnd&) { add("softirq_exit"); }
  void operator()(const SchedWaking& waking) { add("sched_waking", waking.pid); }
  void operator()(const SchedMigrateTask& migrate) { add("sched_migrate_task", migrate.pid); }
  void operator()(const SchedSwitch& change) {
    add("sched_switch", change.prev_pid, change.next_pid, change.is_involuntary ? 1 : 0);
  }
  void operator()(const SwitchIn& change) { add("switch_in", change.tid); }
  void operator()(const InetSockSetState& state) { add("inet_sock_set_state", state.oldstate, state.newstate); }
  void operator()(const TaskFork& fork) { add("fork", fork.tid); }
  void operator()(const SkbCopy&) { add("skb_copy_datagram_iovec"); }
  void operator()(const SkbDrop&) { add("kfree_skb"); }

 private:
  template <class... Values>
  void add(std::string_view name, const Values&... values) {
    row_.push_back(name);
    (row_.push_back(values), ...);
  }

  Json& row_;
};

/// Negative before the exchange's beginning.
std::int64_t offset(std::uint64_t time_ns, std::uint64_t begin_ns) {
  return static_cast<std::int64_t>(time_ns - begin_ns);
}

Json event_row(const Event& event, std::uint64_t begin_ns) {
  Json row{offset(event.time_ns, begin_ns), event.cpu, event.tid};
  std::visit(EventWriter(row), event.body);
  return row;
}

void add_events(Json& json, const ExchangeStory& story) {
  const std::uint64_t begin_ns = story.exchange.begin_ns();
  Json& rows = json["events"] = Json::array();
  for (const Event& event : story.events) rows.push_back(event_row(event, begin_ns));
  const std::uint64_t left_out = story.events_left_out + story.events_taken_out;
  if (left_out != 0) json["left_out"] = {left_out, std::min(story.left_out_at, story.events.size())};
}

Json message_of(const MessagePath& path, std::string_view direction, std::uint64_t begin_ns) {
  Json json{{"direction", direction}};
  for (const auto& [name, time_ns] :
       {std::pair{"enter", path.enter_ns}, std::pair{"queue", path.queue_ns}, std::pair{"rx", path.rx_ns},
        std::pair{"receive", path.receive_ns}, std::pair{"ready", path.ready_ns}, std::pair{"waking", path.waking_ns},
        std::pair{"switch", path.switch_ns}, std::pair{"exit", path.exit_ns}}) {
    if (time_ns != 0) json[name] = offset(time_ns, begin_ns);
  }
  return json;
}

Json segment_row(const ExchangeStory& story, const PathSegment& segment, std::string words) {
  const std::uint64_t begin_ns = story.exchange.begin_ns();
  return {offset(segment.from_ns, begin_ns), offset(segment.to_ns, begin_ns), name_of(segment.direction),
          name_of(segment.stage), std::move(words)};
}

/// Which segments are rows of their own: all, or, of too many, the longest ones and the culprit.
std::vector<bool> single_segments(const ExchangeStory& story) {
  const std::size_t count = story.segments.size();
  if (count <= kMostSegmentsOfPath) return std::vector<bool>(count, true);
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::ranges::sort(order, [&story](std::size_t a, std::size_t b) {
    return std::pair(story.segments[b].duration_ns(), a) < std::pair(story.segments[a].duration_ns(), b);
  });
  std::vector<bool> is_single(count);
  for (std::size_t i = 0; i < kSingleSegments; ++i) is_single[order[i]] = true;
  is_single[story.culprit] = true;
  return is_single;
}

/// The segments from `first` up to, but not including, `end`, which are of one stage: as one row.
Json joined_row(const ExchangeStory& story, std::size_t first, std::size_t end) {
  const auto parts = std::span(story.segments).subspan(first, end - first);
  PathSegment all = parts.front();
  if (parts.size() == 1) return segment_row(story, all, cause_words(story, all));
  all.to_ns = parts.back().to_ns;
  const PathSegment& longest = *std::ranges::max_element(parts, {}, &PathSegment::duration_ns);
  return segment_row(
      story, all, fmt::format("{} short parts, together; the longest: {}", parts.size(), cause_words(story, longest)));
}

void add_segments(Json& json, const ExchangeStory& story) {
  const std::vector<PathSegment>& segments = story.segments;
  const std::vector<bool> is_single = single_segments(story);
  Json rows = Json::array();
  std::size_t culprit = story.culprit;
  const auto goes_on_with = [&](std::size_t first, std::size_t next) {
    return next < segments.size() && !is_single[first] && !is_single[next] &&
           segments[next].direction == segments[first].direction && segments[next].stage == segments[first].stage;
  };
  for (std::size_t first = 0; first < segments.size();) {
    if (first == story.culprit) culprit = rows.size();
    std::size_t end = first + 1;
    while (goes_on_with(first, end)) ++end;
    rows.push_back(joined_row(story, first, end));
    first = end;
  }
  json["segments"] = std::move(rows);
  json["culprit"] = culprit;
}

void add_names(Json& json, const ExchangeStory& story) {
  std::set<std::int32_t> shown{story.exchange.client_tid, story.exchange.server_tid};
  for (const Event& event : story.events) for_each_task(event, [&shown](std::int32_t tid) { shown.insert(tid); });
  Json& names = json["names"] = Json::object();
  for (const auto& [tid, name] : story.names) {
    if (shown.contains(tid)) names[std::to_string(tid)] = name;
  }
}

Json path_of(ExchangeStory story) {
  take_out_events(story, kMostEventsOfPath);
  const Exchange& exchange = story.exchange;
  const std::uint64_t begin_ns = exchange.begin_ns();
  Json json{{"variant", story.variant},
            {"round", story.round},
            {"begin_ns", begin_ns},
            {"duration_ns", story.duration_ns()},
            {"is_round_trip", exchange.is_round_trip()},
            {"client", exchange.client_tid},
            {"server", exchange.server_tid}};
  Json& messages = json["messages"] = Json::array();
  if (exchange.request) messages.push_back(message_of(*exchange.request, "request", begin_ns));
  if (exchange.response) messages.push_back(message_of(*exchange.response, "response", begin_ns));
  add_segments(json, story);
  add_events(json, story);
  add_names(json, story);
  return json;
}

}  // namespace

Json paths_of(const SlowestExchanges& exchanges) {
  Json json{{"medians", Json::array()}, {"slowest", Json::array()}};
  for (const ExchangeGroup& group : exchanges.groups) json["medians"].push_back(path_of(group.median));
  for (const ExchangeStory& story : exchanges.slowest) json["slowest"].push_back(path_of(story));
  json["losses"] = exchanges.losses;
  json["limits"] = limit_words(exchanges);
  return json;
}

}  // namespace sockscope

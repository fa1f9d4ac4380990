#include "report/html/path_data.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

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

/// Which events of a story stay: the first and the last ones, with what the story itself left out in between.
struct KeptEvents {
  std::size_t first = 0;
  std::size_t last = 0;
  std::uint64_t left_out = 0;
};

KeptEvents kept_of(const ExchangeStory& story) {
  const std::size_t count = story.events.size();
  const bool has_gap = story.events_left_out != 0;
  if (count <= kMostEventsOfPath) {
    const std::size_t first = has_gap ? std::min(story.left_out_at, count) : count;
    return {.first = first, .last = count - first, .left_out = story.events_left_out};
  }
  std::size_t first = kMostEventsOfPath / 2;
  if (has_gap) {
    const std::size_t before = std::min(story.left_out_at, count);
    const std::size_t behind = count - before;
    // A gap near one end leaves more room to the other.
    first = std::min(before, std::max(first, kMostEventsOfPath - std::min(behind, kMostEventsOfPath)));
  }
  const std::size_t last = kMostEventsOfPath - first;
  return {.first = first, .last = last, .left_out = story.events_left_out + (count - first - last)};
}

void add_events(Json& json, const ExchangeStory& story) {
  const KeptEvents kept = kept_of(story);
  const std::uint64_t begin_ns = story.exchange.begin_ns();
  const std::span<const Event> events(story.events);
  Json& rows = json["events"] = Json::array();
  for (const Event& event : events.first(kept.first)) rows.push_back(event_row(event, begin_ns));
  for (const Event& event : events.last(kept.last)) rows.push_back(event_row(event, begin_ns));
  if (kept.left_out != 0) json["left_out"] = {kept.left_out, kept.first};
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

Json segment_row(const ExchangeStory& story, const PathSegment& segment) {
  const std::uint64_t begin_ns = story.exchange.begin_ns();
  return {offset(segment.from_ns, begin_ns), offset(segment.to_ns, begin_ns), name_of(segment.direction),
          name_of(segment.stage), cause_words(story, segment)};
}

Json path_of(const ExchangeStory& story) {
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
  Json& segments = json["segments"] = Json::array();
  for (const PathSegment& segment : story.segments) segments.push_back(segment_row(story, segment));
  json["culprit"] = story.culprit;
  add_events(json, story);
  Json& names = json["names"] = Json::object();
  for (const auto& [tid, name] : story.names) names[std::to_string(tid)] = name;
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

#include "analysis/trace_analysis.h"

#include <algorithm>
#include <utility>

#include "analysis/held_back.h"

namespace sockscope {

TraceAnalysis::TraceAnalysis(std::span<const KnownFlow> flows) : flows_(flows.begin(), flows.end()) {
  for (const KnownFlow& flow : flows) {
    const auto client = endpoints_.at(flow.client.tid, flow.client.fd);
    const auto server = endpoints_.at(flow.server.tid, flow.server.fd);
    declare(flow.client, client, flow.protocol);
    declare(flow.server, server, flow.protocol);
    endpoints_.connect(client, server);
  }
}

void TraceAnalysis::declare(const KnownEnd& end, EndpointTable::Index index, Protocol protocol) {
  endpoints_[index].protocol = protocol;
  watch(end.tid, end.window);
}

void TraceAnalysis::on(const Event& event) {
  if (threads_.is_full()) [[unlikely]] {
    forget_idle_threads();
  }
  if (counts_parts() && !std::holds_alternative<SwitchIn>(event.body)) recent_.add(event.time_ns, event.cpu);
  std::visit([&](const auto& body) { handle(event, body); }, event.body);
}

void TraceAnalysis::forget_idle_threads() {
  threads_.forget([](const Thread& thread) { return !thread.timeline; });
  if (threads_.is_full()) threads_.forget([](const Thread&) { return true; });
}

void TraceAnalysis::handle(const Event& at, const SyscallEnter& event) {
  Thread& caller = thread(at.tid);
  caller.arrived_skb = 0;
  caller.call = {};
  if (event.kind != SyscallKind::kOther) begin_call(at, event, caller.call);
  ++caller.counts.syscalls;
}

void TraceAnalysis::handle(const Event& at, const SocketCall& /*event*/) { handle(at, SyscallEnter{}); }

void TraceAnalysis::begin_call(const Event& at, const SyscallEnter& event, Call& call) {
  const bool is_shared = event.socket >= 0;
  call = {.kind = event.kind,
          .owner = is_shared ? EndpointTable::kAnyThread : at.tid,
          .fd = is_shared ? event.socket : event.fd,
          .is_accepted = event.is_accepted,
          .enter_ns = at.time_ns,
          .length = event.length.value_or(0)};
  // An empty datagram is an end mark, not a message.
  if (event.kind == SyscallKind::kSend && event.length == std::uint64_t{0}) call.kind = SyscallKind::kOther;
  call.endpoint = endpoints_.find(call.owner, call.fd);
  if (is_shared) used_by(at.tid, call);
  if (call.kind == SyscallKind::kSend && call.endpoint != Endpoint::kNobody) begin_message(call);
}

void TraceAnalysis::used_by(std::int32_t tid, const Call& call) {
  if (call.endpoint == Endpoint::kNobody) return;
  endpoints_[call.endpoint].tid = tid;
  endpoints_[call.endpoint].is_accepted = call.is_accepted;
}

/// The call turns out to be on a socket. False for a socket too many.
bool TraceAnalysis::find_endpoint(std::int32_t tid, Call& call) {
  if (call.endpoint != Endpoint::kNobody) return true;
  call.endpoint = endpoints_.at(call.owner, call.fd);
  if (call.endpoint == Endpoint::kNobody) {
    ++result_.quality.unmatched_messages;
    return false;
  }
  used_by(tid, call);
  if (call.kind == SyscallKind::kSend) begin_message(call);
  return true;
}

void TraceAnalysis::begin_message(Call& call) {
  Endpoint& sender = endpoints_[call.endpoint];
  if (sender.peer == Endpoint::kNobody) {
    if (!sender.is_whole) sender.outbound.clear();  // Its peer is out of sight.
  } else if (sender.is_client) {
    ProtocolTotals& total = totals(sender);
    total.request_sent();
    if (sender.last_send_ns != 0) total.period(call.enter_ns - sender.last_send_ns);
    sender.last_send_ns = call.enter_ns;
    total.counts_at_request(sender.tid, true, thread(sender.tid).counts);
    const std::int32_t server = endpoints_[sender.peer].tid;
    total.counts_at_request(server, false, thread(server).counts);
  }
  if (sender.outbound.size() == Endpoint::kMostOutbound) give_up(sender);
  call.message = sender.messages++;
  const std::uint64_t begin = sender.sent;
  sender.sent += call.length;
  sender.outbound.push_back(
      {.number = call.message, .begin = begin, .end = sender.sent, .path = {.enter_ns = call.enter_ns}});
}

void TraceAnalysis::handle(const Event& at, const SyscallExit& event) {
  Thread& caller = thread(at.tid);
  const Call call = caller.call;
  caller.call = {};
  caller.arrived_skb = 0;
  if (call.kind == SyscallKind::kSend && call.message != EndpointTable::kNoMessage) end_message(call, event.ret);
  if (call.kind == SyscallKind::kReceive && call.endpoint != Endpoint::kNobody && event.ret > 0) {
    used_by(at.tid, call);
    received(call.endpoint, static_cast<std::uint64_t>(event.ret), at.time_ns);
  }
}

/// Corrects the message's length by what was sent; a message may have arrived whole before its send call returns.
void TraceAnalysis::end_message(const Call& call, std::int64_t sent) {
  Endpoint& sender = endpoints_[call.endpoint];
  Message* message = sender.find(call.message);
  if (message == nullptr) return;
  message->end = message->begin + static_cast<std::uint64_t>(std::max<std::int64_t>(sent, 0));
  sender.sent = message->end;
  if (sent <= 0) sender.outbound.pop_back();
}

void TraceAnalysis::received(EndpointTable::Index receiver, std::uint64_t bytes, std::uint64_t time_ns) {
  Endpoint& end = endpoints_[receiver];
  end.received += bytes;
  if (end.peer == Endpoint::kNobody) return;
  end.has_heard_peer = true;
  Endpoint& sender = endpoints_[end.peer];
  if (sender.protocol == Protocol::kUdp) {
    while (sender.has_lost_first()) give_up(sender);
    if (!sender.outbound.empty()) arrived(end.peer, receiver, time_ns);
  } else {
    while (!sender.outbound.empty() && sender.outbound.front().end <= end.received) {
      arrived(end.peer, receiver, time_ns);
    }
  }
  thread(end.tid).wake = {};
}

/// The oldest message will not be received: another datagram overtook it, or it was dropped.
void TraceAnalysis::give_up(Endpoint& sender) {
  if (!sender.outbound.front().is_dropped) count_unmatched(sender);
  sender.outbound.pop_front();
}

void TraceAnalysis::count_unmatched(const Endpoint& sender) {
  totals(sender).message_sent();
  ++result_.quality.unmatched_messages;
}

/// The sender's oldest message has been received whole.
void TraceAnalysis::arrived(EndpointTable::Index sender, EndpointTable::Index receiver, std::uint64_t time_ns) {
  Endpoint& from = endpoints_[sender];
  Endpoint& to = endpoints_[receiver];
  MessagePath path = from.outbound.front().path;
  from.outbound.pop_front();
  path.exit_ns = time_ns;
  add_wake_up(path, to.tid);
  totals(from).message_sent();
  if (path.is_complete()) {
    totals(from).message_matched();
  } else {
    ++result_.quality.unmatched_messages;
  }
  if (from.is_client) {
    if (from.requests.size() == Endpoint::kMostUnanswered) forget_request(from);
    from.requests.push_back(path);
  } else {
    answered(to, path);
  }
}

void TraceAnalysis::forget_request(Endpoint& client) {
  unanswered(totals(client), client, client.requests.front());
  client.requests.pop_front();
}

/// A response answers the latest request that its sender had received whole when it began to send: any before that one
/// was a part of it or has no answer, and those that came later will be answered later.
std::optional<MessagePath> TraceAnalysis::take_request_of(Endpoint& client, const MessagePath& response) {
  const auto later = std::ranges::find_if(
      client.requests, [&response](const MessagePath& request) { return request.exit_ns > response.enter_ns; });
  auto before = std::distance(client.requests.begin(), later);
  if (before == 0) return std::nullopt;
  for (; before > 1; --before) forget_request(client);
  MessagePath request = std::move(client.requests.front());
  client.requests.pop_front();
  return request;
}

void TraceAnalysis::answered(Endpoint& client, const MessagePath& response) {
  ProtocolTotals& total = totals(client);
  const auto request = take_request_of(client, response);
  if (request && request->is_complete() && response.is_complete()) {
    const bool is_sound = total.round_trip(*request, response);
    if (is_sound) tell_of(client, &*request, &response);
    const bool has_parts = is_sound && counts_parts() && client.last_response_ns != 0;
    if (has_parts) total.parts_of(*request, response, client.last_response_ns, recent_);
    client.last_response_ns = response.exit_ns;
  } else if (!request) {
    unanswered(total, endpoints_[client.peer], response);
  }
  if (client.is_whole) add_ends(total, client);
  for (const auto tid : {client.tid, endpoints_[client.peer].tid}) total.counts_at_response(tid, thread(tid).counts);
}

/// A message that stands for itself: no answer came before the next one, or it answers nothing.
void TraceAnalysis::unanswered(ProtocolTotals& total, const Endpoint& from, const MessagePath& path) const {
  if (path.is_complete() && total.one_way(from.is_client ? Direction::kRequest : Direction::kResponse, path)) {
    if (from.is_client) {
      tell_of(from, &path, nullptr);
    } else if (from.peer != Endpoint::kNobody) {
      tell_of(endpoints_[from.peer], nullptr, &path);
    }
  }
  add_ends(total, from);
}

void TraceAnalysis::tell_of(const Endpoint& client, const MessagePath* request, const MessagePath* response) const {
  if (!sink_) return;
  Exchange exchange;
  exchange.protocol = client.protocol.value_or(Protocol::kTcp);
  exchange.client_tid = client.tid;
  exchange.server_tid = endpoints_.tid_of_peer(client);
  if (request != nullptr) exchange.request = *request;
  if (response != nullptr) exchange.response = *response;
  sink_(exchange);
}

/// Both ends of the flow are the protocol's, even if no request of theirs is seen to begin: the first one comes before
/// anybody knows where it arrives.
void TraceAnalysis::add_ends(ProtocolTotals& total, const Endpoint& end) const {
  // Its peer may have been closed since.
  if (end.peer == Endpoint::kNobody) return;
  const Endpoint& peer = endpoints_[end.peer];
  for (const auto& [tid, is_client] : {std::pair{end.tid, end.is_client}, std::pair{peer.tid, peer.is_client}}) {
    const Thread* const thread = threads_.find(tid);
    if (thread != nullptr) total.counts_at_request(tid, is_client, thread->counts);
  }
}

/// The last requests, which nobody has answered yet.
void TraceAnalysis::add_unanswered(ProtocolTotals& total) const {
  for (const Endpoint& end : endpoints_.all()) {
    const bool is_udp = end.protocol == Protocol::kUdp;
    if (end.peer == Endpoint::kNobody || is_udp != (total.protocol() == Protocol::kUdp)) continue;
    for (const MessagePath& request : end.requests) unanswered(total, end, request);
  }
}

/// A wake-up belongs to the message if it came after the message's skb did.
void TraceAnalysis::add_wake_up(MessagePath& path, std::int32_t receiver_tid) {
  const Wake& wake = thread(receiver_tid).wake;
  if (path.receive_ns == 0 || wake.waking_ns < path.receive_ns) return;
  path.waking_ns = wake.waking_ns;
  path.switch_ns = wake.switch_ns;
  if (wake.switch_ns == 0) ++result_.quality.unmatched_wakeups;
}

void TraceAnalysis::handle(const Event& at, const NetDevQueue& event) {
  if (event.device == NetDevice::kOther) return;
  Thread& context = thread(at.tid);
  ++context.counts.skbs;
  if (!is_end(event.device)) return packets_.pass_on(event.skbaddr, at.time_ns, event.device);
  Packet& packet = packets_.queue(event.skbaddr, at.time_ns, event.len, event.device);
  Call& call = context.call;
  if (call.kind != SyscallKind::kSend || !find_endpoint(at.tid, call)) return;
  if (call.has_sent_packet && endpoints_[call.endpoint].protocol == Protocol::kUdp) packets_.add_fragment();
  if (call.has_sent_packet && event.len <= kLongestBareSegment) return;
  call.has_sent_packet = true;
  packet.sender = call.endpoint;
  packet.message = call.message;
}

void TraceAnalysis::handle(const Event& /*at*/, const NetDevXmit& event) {
  if (event.device != NetDevice::kOther) packets_.transmit();
}

void TraceAnalysis::handle(const Event& at, const NetifRx& event) {
  if (event.device != NetDevice::kOther) packets_.rx(event.skbaddr, at.time_ns, event.device);
}

void TraceAnalysis::handle(const Event& at, const NetifReceiveSkb& event) {
  if (event.device == NetDevice::kOther) return;
  const Packet* packet = packets_.receive(event.skbaddr, at.time_ns, event.device);
  thread(at.tid).arrived_skb = event.skbaddr;
  Message* message = packet == nullptr ? nullptr : message_of(*packet);
  if (message == nullptr) return;
  packet->give_path(message->path);
  message->path.ready_ns = 0;
}

Message* TraceAnalysis::message_of(const Packet& packet) {
  return packet.sender == Packet::kNobody ? nullptr : endpoints_[packet.sender].find(packet.message);
}

/// A segment that met a socket in use is processed later, in its owner's thread: tcp_probe tells which one it is.
void TraceAnalysis::handle(const Event& at, const TcpProbe& event) {
  if (event.skbaddr == 0) return;
  thread(at.tid).arrived_skb = event.skbaddr;
  Packet* packet = packets_.find(event.skbaddr);
  const bool has_data = event.data_len != 0 || (packet != nullptr && packet->len > kLongestBareSegment);
  if (packet == nullptr || !has_data) return;
  if (packet->sender == Packet::kNobody) name_sender(*packet, event);
  if (packet->sender != Packet::kNobody) endpoints_.arrives_at(packet->sender, event.skaddr);
}

/// Data of no send call is what the peer of the socket at which it arrives had to hold back.
void TraceAnalysis::name_sender(Packet& packet, const TcpProbe& event) {
  const EndpointTable::Index receiver = endpoints_.find_socket(event.skaddr);
  if (receiver == Endpoint::kNobody || endpoints_[receiver].peer == Endpoint::kNobody) return;
  const EndpointTable::Index sender = endpoints_[receiver].peer;
  const Message* const message = find_held_back(endpoints_[sender], packet, event.data_len);
  if (message == nullptr) return;
  packet.sender = sender;
  packet.message = message->number;
}

void TraceAnalysis::handle(const Event& at, const SkDataReady& event) {
  Thread& context = thread(at.tid);
  const Packet* packet = packets_.find(context.arrived_skb);
  context.arrived_skb = 0;
  if (packet == nullptr || packet->sender == Packet::kNobody) return;
  endpoints_.arrives_at(packet->sender, event.skaddr);
  Message* message = message_of(*packet);
  if (message != nullptr && message->path.receive_ns == packet->receive_ns) message->path.ready_ns = at.time_ns;
}

void TraceAnalysis::handle(const Event& at, const SockLength& event) {
  Thread& caller = thread(at.tid);
  if (!event.is_inet) return;
  if (caller.call.fd < 0) {
    if (event.ret > 0) endpoints_.pass_over(event.sk, event.is_send, static_cast<std::uint64_t>(event.ret));
    return;
  }
  if (!find_endpoint(at.tid, caller.call)) return;
  if (event.is_peek) caller.call.kind = SyscallKind::kOther;  // what it read is still there
  endpoints_.bind(caller.call.endpoint, event.sk, event.pid, caller.call.message);
  endpoints_[caller.call.endpoint].protocol = event.protocol;
  if (!caller.timeline) caller.timeline = std::make_unique<ThreadTimeline>();
}

/// The datagram that was just received met a full buffer: nobody will ever read it. Those of other programs are not
/// among the messages sent, so they are none of the drops.
void TraceAnalysis::handle(const Event& at, const UdpFailQueueRcvSkb& /*event*/) {
  const Packet* packet = packets_.find(thread(at.tid).arrived_skb);
  Message* message = packet == nullptr ? nullptr : message_of(*packet);
  if (message == nullptr || message->is_dropped) return;
  // Whose peer has not received anything yet: one of the programs', if SessionAnalysis says so.
  Endpoint& sender = endpoints_[packet->sender];
  if (sender.peer == Endpoint::kNobody && !sender.is_whole) return;
  sender.protocol = Protocol::kUdp;
  tell_of_loss(*message, sender, at.time_ns);
  message->is_dropped = true;
  message->path.receive_ns = 0;
  ++result_.udp_drops;
  count_unmatched(sender);
}

void TraceAnalysis::tell_of_loss(const Message& message, const Endpoint& sender, std::uint64_t time_ns) const {
  if (!loss_sink_) return;
  loss_sink_({.sender_tid = sender.tid,
              .receiver_tid = endpoints_.tid_of_peer(sender),
              .enter_ns = message.path.enter_ns,
              .drop_ns = time_ns});
}

void TraceAnalysis::handle(const Event& /*at*/, const TcpRetransmitSkb& /*event*/) { ++result_.tcp_retransmits; }

void TraceAnalysis::handle(const Event& at, const NetRxSoftirq& /*event*/) { ++thread(at.tid).counts.softirqs; }

void TraceAnalysis::handle(const Event& at, const SchedWaking& event) {
  Thread& woken = thread(event.pid);
  ++woken.counts.wakeups;
  if (woken.wake.waking_ns == 0 || woken.wake.switch_ns != 0) woken.wake = {.waking_ns = at.time_ns};
  if (woken.timeline) woken.timeline->waking(at.time_ns);
}

void TraceAnalysis::handle(const Event& at, const SchedMigrateTask& event) {
  if (auto& timeline = thread(event.pid).timeline) timeline->migrated(at.time_ns);
}

void TraceAnalysis::handle(const Event& at, const SchedSwitch& event) {
  Thread& prev = thread(event.prev_pid);
  ++prev.counts.context_switches;
  if (prev.timeline) {
    prev.timeline->switch_out(at.time_ns, event.is_involuntary);
    prev.timeline->named(event.prev_comm);
  }
  switched_in(event.next_pid, at.time_ns, ThreadTimeline::Source::kSchedSwitch);
}

void TraceAnalysis::handle(const Event& at, const SwitchIn& event) {
  switched_in(event.tid, at.time_ns, ThreadTimeline::Source::kSwitchRecord);
}

void TraceAnalysis::switched_in(std::int32_t tid, std::uint64_t time_ns, ThreadTimeline::Source source) {
  Thread& next = thread(tid);
  if (next.wake.waking_ns != 0 && next.wake.switch_ns == 0) next.wake.switch_ns = time_ns;
  if (next.timeline) next.timeline->switch_in(time_ns, source);
}

ProtocolTotals& TraceAnalysis::totals(const Endpoint& endpoint) {
  return endpoint.protocol == Protocol::kUdp ? udp_ : tcp_;
}

ThreadSummary TraceAnalysis::summary_of(std::int32_t tid) const {
  const Thread* const thread = threads_.find(tid);
  return thread == nullptr || !thread->timeline ? ThreadSummary{} : thread->timeline->summary();
}

void TraceAnalysis::add_threads(const ProtocolTotals& total, TracedSummary& summary) const {
  for (const auto& [tid, is_client] : total.threads()) {
    (is_client ? summary.client : summary.server) += summary_of(tid);
  }
}

/// Of a recording of the scheduler alone, say: the ends of a flow that the run knows are its threads all the same.
void TraceAnalysis::add_threads_of_flows(TraceResult& result) const {
  for (const KnownFlow& flow : flows_) {
    const bool is_there = std::ranges::any_of(
        result.protocols, [&flow](const ProtocolTrace& trace) { return trace.protocol == flow.protocol; });
    if (is_there) continue;
    ProtocolTrace trace{.protocol = flow.protocol, .summary = {}, .unsound = 0};
    trace.summary.client = summary_of(flow.client.tid);
    trace.summary.server = summary_of(flow.server.tid);
    result.protocols.push_back(std::move(trace));
  }
}

TraceResult TraceAnalysis::result() const {
  TraceResult result = result_;
  for (ProtocolTotals total : {tcp_, udp_}) {
    add_unanswered(total);
    if (total.empty()) continue;
    result.protocols.push_back(total.result());
    add_threads(total, result.protocols.back().summary);
  }
  result.packets = packets_.counts();
  threads_.for_each([&](std::int32_t, const Thread& thread) {
    if (!thread.timeline) return;
    result.quality.switch_ins += thread.timeline->switch_ins();
    result.quality.switch_ins_from_records += thread.timeline->switch_ins_from_records();
  });
  return result;
}

}  // namespace sockscope

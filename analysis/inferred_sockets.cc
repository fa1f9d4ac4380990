#include "analysis/inferred_sockets.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "analysis/recorded_events.h"

namespace sockscope {
namespace {

// Ethernet, IP and UDP headers.
constexpr std::uint64_t kUdp4Headers = 14 + 20 + 8;
constexpr std::uint64_t kUdp6Headers = 14 + 40 + 8;

// Threads, packets and sockets that are kept in mind at most; beyond that all are forgotten.
constexpr std::size_t kMost = 1U << 20U;

Protocol protocol_of(std::uint64_t packet, std::uint64_t bytes) {
  const bool is_udp = packet == bytes + kUdp4Headers || packet == bytes + kUdp6Headers;
  return is_udp ? Protocol::kUdp : Protocol::kTcp;
}

template <class Map>
void bound(Map& map) {
  if (map.size() >= kMost) map.clear();
}

}  // namespace

bool InferredSockets::are_needed(const tracepoint::Catalog& catalog) {
  const RecordedEvents recorded = RecordedEvents::of(catalog);
  return recorded.messages && recorded.wakings && catalog.find("sock", "sock_send_length") == nullptr &&
         catalog.find("sock", "sock_recv_length") == nullptr;
}

// Never kNone: the idle task, whose id is 0, makes no calls.
InferredSockets::Socket InferredSockets::socket_of(std::int32_t tid, int fd) {
  return (Socket{static_cast<std::uint32_t>(tid)} << 32U) | static_cast<std::uint32_t>(fd);
}

InferredSockets::Thread& InferredSockets::thread(std::int32_t tid) {
  bound(threads_);
  return threads_[tid];
}

void InferredSockets::learn(const Event& event) {
  if (const auto* const enter = std::get_if<SyscallEnter>(&event.body)) follow(event, *enter);
  if (const auto* const queue = std::get_if<NetDevQueue>(&event.body)) follow(event, *queue);
  if (const auto* const receive = std::get_if<NetifReceiveSkb>(&event.body)) follow(event, *receive);
  if (const auto* const waking = std::get_if<SchedWaking>(&event.body)) learn(event, *waking);
  if (const auto* const exit = std::get_if<SyscallExit>(&event.body)) learn(event, *exit);
}

/// What sends tells the protocol, whom it wakes has the same. Who has neither sent nor been sent to is no socket.
void InferredSockets::finish_learning() {
  threads_.clear();
  sender_of_.clear();
  std::vector<std::pair<Socket, Protocol>> receivers;
  for (const auto& [socket, known] : sockets_) {
    if (known.peer != kNone && known.protocol) receivers.emplace_back(known.peer, *known.protocol);
  }
  for (const auto& [socket, protocol] : receivers) {
    Known& receiver = sockets_[socket];
    if (!receiver.protocol) receiver.protocol = protocol;
  }
}

void InferredSockets::tell(const Event& event, const Sink& sink) {
  if (const auto* const enter = std::get_if<SyscallEnter>(&event.body)) follow(event, *enter);
  if (const auto* const queue = std::get_if<NetDevQueue>(&event.body)) follow(event, *queue);
  if (const auto* const exit = std::get_if<SyscallExit>(&event.body)) {
    tell_length(event, *exit, sink);
    end_call(event.tid);
  }
  sink(event);
  if (const auto* const receive = std::get_if<NetifReceiveSkb>(&event.body)) {
    follow(event, *receive);
    tell_arrival(event, *receive, sink);
  }
}

void InferredSockets::follow(const Event& at, const SyscallEnter& event) {
  Thread& caller = thread(at.tid);
  caller = {.kind = event.kind, .fd = event.fd, .woken_for = caller.woken_for};
}

void InferredSockets::follow(const Event& at, const NetDevQueue& event) {
  if (!event.is_loopback) return;
  sender_of_.erase(event.skbaddr);
  Thread& caller = thread(at.tid);
  if (caller.kind != SyscallKind::kSend || caller.has_received || caller.first_packet != 0) return;
  caller.first_packet = event.len;
  bound(sender_of_);
  sender_of_[event.skbaddr] = socket_of(at.tid, caller.fd);
}

void InferredSockets::follow(const Event& at, const NetifReceiveSkb& event) {
  if (!event.is_loopback) return;
  Thread& context = thread(at.tid);
  context.has_received = true;
  context.arrived = event.skbaddr;
}

/// The first thread that is woken after a packet has arrived is the one that waits for it.
void InferredSockets::learn(const Event& at, const SchedWaking& event) {
  const auto sender = sender_of_.find(std::exchange(thread(at.tid).arrived, 0));
  if (sender == sender_of_.end()) return;
  Thread& woken = thread(event.pid);
  if (woken.kind == SyscallKind::kReceive) {
    vote(sender->second, socket_of(event.pid, woken.fd));
  } else {
    woken.woken_for = sender->second;
  }
}

void InferredSockets::learn(const Event& at, const SyscallExit& event) {
  Thread& caller = thread(at.tid);
  const Socket socket = socket_of(at.tid, caller.fd);
  if (event.ret > 0 && caller.kind == SyscallKind::kSend && caller.first_packet != 0) {
    bound(sockets_);
    sockets_[socket].protocol = protocol_of(caller.first_packet, static_cast<std::uint64_t>(event.ret));
  }
  if (event.ret > 0 && caller.kind == SyscallKind::kReceive && caller.woken_for != kNone) {
    vote(std::exchange(caller.woken_for, kNone), socket);
  }
  end_call(at.tid);
}

void InferredSockets::end_call(std::int32_t tid) {
  Thread& caller = thread(tid);
  caller = {.woken_for = caller.woken_for};
}

void InferredSockets::vote(Socket sender, Socket receiver) {
  if (sender == receiver) return;
  bound(sockets_);
  Known& from = sockets_[sender];
  if (from.votes == 0) from.peer = receiver;
  from.peer == receiver ? ++from.votes : --from.votes;
}

void InferredSockets::tell_length(const Event& at, const SyscallExit& event, const Sink& sink) {
  const Thread& caller = thread(at.tid);
  if (event.ret <= 0 || caller.kind == SyscallKind::kOther) return;
  const Socket socket = socket_of(at.tid, caller.fd);
  const auto known = sockets_.find(socket);
  if (known == sockets_.end() || !known->second.protocol) return;
  sink({.time_ns = at.time_ns,
        .tid = at.tid,
        .cpu = at.cpu,
        .body = SockLength{.sk = socket,
                           .pid = at.tid,
                           .is_inet = true,
                           .is_send = caller.kind == SyscallKind::kSend,
                           .ret = static_cast<std::int32_t>(event.ret),
                           .protocol = *known->second.protocol}});
}

/// As tcp_probe would, of either protocol.
void InferredSockets::tell_arrival(const Event& at, const NetifReceiveSkb& event, const Sink& sink) {
  const auto sender = sender_of_.find(event.skbaddr);
  if (!event.is_loopback || sender == sender_of_.end()) return;
  const auto known = sockets_.find(sender->second);
  if (known == sockets_.end() || known->second.peer == kNone) return;
  sink({.time_ns = at.time_ns,
        .tid = at.tid,
        .cpu = at.cpu,
        .body = TcpProbe{.skbaddr = event.skbaddr, .skaddr = known->second.peer, .data_len = 1}});
}

}  // namespace sockscope

#include "analysis/inferred_sockets.h"

#include <utility>

#include "analysis/recorded_events.h"

namespace sockscope {
namespace {

// Ethernet, IP and UDP headers.
constexpr std::uint64_t kUdp4Headers = 14 + 20 + 8;
constexpr std::uint64_t kUdp6Headers = 14 + 40 + 8;

// Threads, packets and sockets that are kept in mind at most; beyond that all are forgotten.
constexpr std::size_t kMost = 1U << 20U;

Protocol protocol_by_headers(std::uint64_t packet, std::uint64_t bytes) {
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
InferredSockets::Descriptor InferredSockets::descriptor_of(std::int32_t tid, int fd) {
  return (Descriptor{static_cast<std::uint32_t>(tid)} << 31U) | (static_cast<std::uint32_t>(fd) & 0x7fffffffU);
}

InferredSockets::Socket InferredSockets::socket_of(Descriptor descriptor, Protocol protocol) {
  return (descriptor << 1U) | (protocol == Protocol::kUdp ? 1U : 0U);
}

Protocol InferredSockets::protocol_of(Socket socket) { return (socket & 1U) != 0 ? Protocol::kUdp : Protocol::kTcp; }

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

void InferredSockets::finish_learning() {
  threads_.clear();
  sender_of_.clear();
}

void InferredSockets::tell(const Event& event, const Sink& sink) {
  if (const auto* const enter = std::get_if<SyscallEnter>(&event.body)) follow(event, *enter);
  if (const auto* const queue = std::get_if<NetDevQueue>(&event.body)) follow(event, *queue);
  if (const auto* const exit = std::get_if<SyscallExit>(&event.body)) {
    follow(event, *exit);
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
  caller = {.kind = event.kind, .fd = event.fd, .length = event.length, .woken_for = caller.woken_for};
}

void InferredSockets::follow(const Event& at, const NetDevQueue& event) {
  if (event.device != NetDevice::kLoopback) return;
  sender_of_.erase(event.skbaddr);
  Thread& caller = thread(at.tid);
  if (caller.kind != SyscallKind::kSend || caller.has_received || caller.first_packet != 0) return;
  caller.first_packet = event.len;
  const Descriptor descriptor = descriptor_of(at.tid, caller.fd);
  if (caller.length) {
    bound(protocols_);
    protocols_[descriptor] = protocol_by_headers(event.len, *caller.length);
  }
  const auto protocol = protocols_.find(descriptor);
  if (protocol == protocols_.end()) return;
  bound(sender_of_);
  sender_of_[event.skbaddr] = socket_of(descriptor, protocol->second);
}

void InferredSockets::follow(const Event& at, const NetifReceiveSkb& event) {
  if (event.device != NetDevice::kLoopback) return;
  Thread& context = thread(at.tid);
  context.has_received = true;
  context.arrived = event.skbaddr;
}

/// Calls that do not say beforehand how much they send (sendmsg).
void InferredSockets::follow(const Event& at, const SyscallExit& event) {
  const Thread& caller = thread(at.tid);
  if (event.ret <= 0 || caller.kind != SyscallKind::kSend || caller.first_packet == 0) return;
  bound(protocols_);
  protocols_[descriptor_of(at.tid, caller.fd)] =
      protocol_by_headers(caller.first_packet, static_cast<std::uint64_t>(event.ret));
}

/// The first thread that is woken after a packet has arrived is the one that waits for it.
void InferredSockets::learn(const Event& at, const SchedWaking& event) {
  const auto sender = sender_of_.find(std::exchange(thread(at.tid).arrived, 0));
  if (sender == sender_of_.end()) return;
  Thread& woken = thread(event.pid);
  if (woken.kind == SyscallKind::kReceive) {
    vote(sender->second, descriptor_of(event.pid, woken.fd));
  } else {
    woken.woken_for = sender->second;
  }
}

void InferredSockets::learn(const Event& at, const SyscallExit& event) {
  follow(at, event);
  Thread& caller = thread(at.tid);
  if (event.ret > 0 && caller.kind == SyscallKind::kReceive && caller.woken_for != kNone) {
    vote(std::exchange(caller.woken_for, kNone), descriptor_of(at.tid, caller.fd));
  }
  end_call(at.tid);
}

void InferredSockets::end_call(std::int32_t tid) {
  Thread& caller = thread(tid);
  caller = {.woken_for = caller.woken_for};
}

void InferredSockets::vote(Socket sender, Descriptor receiver) {
  if (sender == socket_of(receiver, protocol_of(sender))) return;
  bound(peers_);
  Peer& peer = peers_[sender];
  if (peer.votes == 0) peer.descriptor = receiver;
  peer.descriptor == receiver ? ++peer.votes : --peer.votes;
}

void InferredSockets::tell_length(const Event& at, const SyscallExit& event, const Sink& sink) {
  const Thread& caller = thread(at.tid);
  if (event.ret <= 0 || caller.kind == SyscallKind::kOther) return;
  const Descriptor descriptor = descriptor_of(at.tid, caller.fd);
  const auto protocol = protocols_.find(descriptor);
  if (protocol == protocols_.end()) return;
  sink({.time_ns = at.time_ns,
        .tid = at.tid,
        .cpu = at.cpu,
        .body = SockLength{.sk = socket_of(descriptor, protocol->second),
                           .pid = at.tid,
                           .is_inet = true,
                           .is_send = caller.kind == SyscallKind::kSend,
                           .ret = static_cast<std::int32_t>(event.ret),
                           .protocol = protocol->second}});
}

/// As tcp_probe would, of either protocol.
void InferredSockets::tell_arrival(const Event& at, const NetifReceiveSkb& event, const Sink& sink) {
  const auto sender = sender_of_.find(event.skbaddr);
  if (event.device != NetDevice::kLoopback || sender == sender_of_.end()) return;
  const auto peer = peers_.find(sender->second);
  if (peer == peers_.end()) return;
  const Protocol protocol = protocol_of(sender->second);
  protocols_[peer->second.descriptor] = protocol;
  sink({.time_ns = at.time_ns,
        .tid = at.tid,
        .cpu = at.cpu,
        .body =
            TcpProbe{.skbaddr = event.skbaddr, .skaddr = socket_of(peer->second.descriptor, protocol), .data_len = 1}});
}

}  // namespace sockscope

#include "analysis/session_analysis.h"

#include <algorithm>

namespace sockscope {
namespace {

// include/linux/socket.h, include/linux/net.h, include/uapi/linux/in.h, include/uapi/asm-generic/fcntl.h; on the
// machines of analysis/socket_calls.cc.
constexpr std::int32_t kInet = 2;
constexpr std::int32_t kInet6 = 10;
constexpr std::int32_t kTypeMask = 0xf;
constexpr std::int32_t kStream = 1;
constexpr std::int32_t kDatagram = 2;
constexpr std::int32_t kIpProtoTcp = 6;
constexpr std::int32_t kIpProtoUdp = 17;
constexpr std::int32_t kCloseOnExec = 02000000;  // SOCK_CLOEXEC and O_CLOEXEC
constexpr std::int32_t kDupFd = 0;
constexpr std::int32_t kDupFdCloseOnExec = 1030;
constexpr std::int32_t kSetDescriptorFlags = 2;
constexpr std::uint32_t kOnlyMarkForExec = 4;  // CLOSE_RANGE_CLOEXEC

/// Of the arguments of socket(2); nothing for what is neither TCP nor UDP.
std::optional<Protocol> protocol_of(const SocketCall& call) {
  const auto [domain, type, protocol, unused] = call.args;
  if (domain != kInet && domain != kInet6) return std::nullopt;
  if ((type & kTypeMask) == kStream && (protocol == 0 || protocol == kIpProtoTcp)) return Protocol::kTcp;
  if ((type & kTypeMask) == kDatagram && (protocol == 0 || protocol == kIpProtoUdp)) return Protocol::kUdp;
  return std::nullopt;
}

/// From the first of them to the last.
TimeWindow union_of(std::span<const KnownProcess> processes) {
  if (processes.empty()) return {};
  TimeWindow whole = processes.front().window;
  for (const KnownProcess& known : processes) {
    whole.from_ns = std::min(whole.from_ns, known.window.from_ns);
    whole.to_ns = std::max(whole.to_ns, known.window.to_ns);
  }
  return whole;
}

std::vector<std::int32_t> threads_of(const KnownProcess& known) {
  std::vector<std::int32_t> tids{known.pid};
  tids.insert(tids.end(), known.tids.begin(), known.tids.end());
  return tids;
}

/// Without what depends on which message is which.
TracedSummary counts_alone(const TracedSummary& summary) {
  TracedSummary counts;
  counts.is_followed = false;
  counts.messages = counts.matched = summary.messages;
  counts.session = summary.session;
  counts.client = summary.client;
  counts.server = summary.server;
  return counts;
}

bool is_in_use(const SessionTotals& totals, std::uint64_t messages) {
  return totals.skbs != 0 || totals.socket_state_changes != 0 || messages != 0;
}

ProtocolTrace& trace_of(TraceResult& result, Protocol protocol) {
  const auto found = std::ranges::find(result.protocols, protocol, &ProtocolTrace::protocol);
  if (found != result.protocols.end()) return *found;
  const auto place = protocol == Protocol::kTcp ? result.protocols.begin() : result.protocols.end();
  return *result.protocols.insert(place, ProtocolTrace{.protocol = protocol, .summary = {}, .unsound = 0});
}

}  // namespace

SessionAnalysis::SessionAnalysis(std::span<const KnownProcess> processes, Messages messages)
    : known_(processes.begin(), processes.end()),
      kind_of_messages_(messages),
      window_(union_of(processes)),
      processes_(processes) {
  std::map<std::uint64_t, SocketNumber> by_inode;
  for (const KnownProcess& known : processes) follow(known, by_inode);
}

void SessionAnalysis::follow(const KnownProcess& known, std::map<std::uint64_t, SocketNumber>& by_inode) {
  Process& process = *processes_.find(known.pid);
  for (const std::int32_t tid : threads_of(known)) {
    thread(tid).process = &process;
    if (!known.is_neither_end()) messages_of_programs_.watch(tid, known.window);
  }
  for (const KnownSocket& socket : known.sockets) {
    const auto [entry, is_new] = by_inode.try_emplace(socket.inode, static_cast<SocketNumber>(sockets_.size()));
    if (is_new) sockets_.push_back({.protocol = socket.protocol, .was_there = true});
    process.descriptors.open(socket.fd, entry->second, false);
    use(process, socket.protocol);
    if (is_new && socket.listens_on != 0) kernel_sockets_.listens(socket.listens_on);
  }
}

void SessionAnalysis::on(Event& event) {
  // Forks and the like that perf makes up have no time.
  if (event.time_ns != 0 && event.time_ns < window_.from_ns) return;
  if (event.time_ns > window_.to_ns && !at_end_) {
    OfProtocols<SessionTotals> so_far;
    for (const Protocol protocol : kProtocols) so_far[protocol] = totals(protocol);
    at_end_ = so_far;
  }
  if (threads_.is_full()) [[unlikely]] {
    threads_.forget([](const Thread& thread) { return thread.process == nullptr; });
  }
  const bool is_wanted = std::visit([&](auto& body) { return handle(event, body); }, event.body);
  if (is_wanted) messages_of_programs_.on(event);
}

const SessionAnalysis::Socket* SessionAnalysis::socket_of(const Process& process, int fd) const {
  const SocketNumber number = process.descriptors.find(fd);
  return number == kNoSocket ? nullptr : &sockets_[static_cast<std::size_t>(number)];
}

void SessionAnalysis::count_call(Process& process, std::uint64_t time_ns) {
  if (!process.window.contains(time_ns)) return;
  ++(process.has_socket ? process.syscalls : process.syscalls_before);
}

void SessionAnalysis::enter(Thread& caller, const Call& call) {
  caller.call = call;
  set_at_tcp(caller, false);
}

void SessionAnalysis::set_at_tcp(Thread& caller, bool is_at_tcp) {
  if (caller.is_at_tcp == is_at_tcp) return;
  caller.is_at_tcp = is_at_tcp;
  if (is_at_tcp) {
    ++threads_at_tcp_;
  } else {
    --threads_at_tcp_;
  }
}

void SessionAnalysis::use(Process& process, Protocol protocol) {
  process.has_socket = true;
  process.uses[protocol] = true;
}

bool SessionAnalysis::handle(const Event& at, SyscallEnter& event) {
  Thread& caller = thread(at.tid);
  if (caller.process == nullptr) return false;
  enter(caller, {.kind = event.kind});
  count_call(*caller.process, at.time_ns);
  if (event.kind == SyscallKind::kOther) return true;
  if (const Socket* const socket = socket_of(*caller.process, event.fd)) {
    event.socket = caller.process->descriptors.find(event.fd);
    event.is_accepted = socket->is_accepted;
    caller.call.protocol = socket->protocol;
    caller.call.was_there = socket->was_there;
    set_at_tcp(caller, socket->protocol == Protocol::kTcp);
  }
  return true;
}

bool SessionAnalysis::handle(const Event& at, const SocketCall& event) {
  Thread& caller = thread(at.tid);
  if (caller.process == nullptr) return false;
  enter(caller, {.made = event});
  begin(caller, event);
  count_call(*caller.process, at.time_ns);
  return true;
}

/// A descriptor is free as soon as close(2) begins: another thread may be given it before the call is over.
void SessionAnalysis::begin(Thread& caller, const SocketCall& call) {
  Process& process = *caller.process;
  const int fd = call.args[0];
  switch (call.operation) {
    case SocketOperation::kSocket:
      process.has_socket = process.has_socket || protocol_of(call);
      return;
    case SocketOperation::kConnect:
    case SocketOperation::kShutdown:
    case SocketOperation::kTransfer:
    case SocketOperation::kClose:
      if (const Socket* const socket = socket_of(process, fd)) caller.call.protocol = socket->protocol;
      if (call.operation == SocketOperation::kClose) process.descriptors.close(fd);
      return;
    case SocketOperation::kCloseRange:
      if ((static_cast<std::uint32_t>(call.args[2]) & kOnlyMarkForExec) != 0) return;
      process.descriptors.close_range(static_cast<std::uint32_t>(fd), static_cast<std::uint32_t>(call.args[1]));
      return;
    case SocketOperation::kExitGroup:
      process.descriptors = {};
      return;
    default:
      return;
  }
}

bool SessionAnalysis::handle(const Event& at, const SyscallExit& event) {
  Thread& caller = thread(at.tid);
  if (caller.process == nullptr) return false;
  const Call call = caller.call;
  caller.call = {};
  if (call.made) end(*caller.process, *call.made, event.ret);
  if (call.kind == SyscallKind::kSend && call.has_transferred && event.ret > 0) ++messages_[*call.protocol];
  if (call.kind == SyscallKind::kReceive) count_receive(call, event.ret);
  return true;
}

/// UDP copies a datagram that lies in one piece without telling (net/ipv4/udp.c, copy_linear_skb).
void SessionAnalysis::count_receive(const Call& call, std::int64_t ret) {
  if (call.protocol && ret > 0) counted_[*call.protocol].copies += std::max<std::uint64_t>(1, call.copies);
}

void SessionAnalysis::end(Process& process, const SocketCall& call, std::int64_t ret) {
  if (ret < 0) return;
  const auto& args = call.args;
  switch (call.operation) {
    case SocketOperation::kSocket:
      if (const auto protocol = protocol_of(call)) make(process, ret, {*protocol}, (args[1] & kCloseOnExec) != 0);
      return;
    case SocketOperation::kAccept:
    case SocketOperation::kAccept4:
      if (const Socket* const listener = socket_of(process, args[0])) {
        const bool close_on_exec = call.operation == SocketOperation::kAccept4 && (args[3] & kCloseOnExec) != 0;
        make(process, ret, {listener->protocol, true}, close_on_exec);
      }
      return;
    case SocketOperation::kDup:
    case SocketOperation::kDup2:
    case SocketOperation::kDup3:
      process.descriptors.duplicate(args[0], static_cast<int>(ret),
                                    call.operation == SocketOperation::kDup3 && (args[2] & kCloseOnExec) != 0);
      return;
    case SocketOperation::kFcntl:
      if (args[1] == kDupFd || args[1] == kDupFdCloseOnExec) {
        process.descriptors.duplicate(args[0], static_cast<int>(ret), args[1] == kDupFdCloseOnExec);
      } else if (args[1] == kSetDescriptorFlags) {
        process.descriptors.set_close_on_exec(args[0], (args[2] & 1) != 0);
      }
      return;
    case SocketOperation::kExec:
      process.descriptors.exec();
      return;
    default:
      return;
  }
}

void SessionAnalysis::make(Process& process, std::int64_t fd, Socket socket, bool close_on_exec) {
  process.descriptors.open(static_cast<int>(fd), static_cast<SocketNumber>(sockets_.size()), close_on_exec);
  sockets_.push_back(socket);
  ++counted_[socket.protocol].sockets;
}

bool SessionAnalysis::handle(const Event& at, const SockLength& event) {
  Thread& caller = thread(at.tid);
  if (!event.is_inet) return caller.process != nullptr;
  if (caller.process == nullptr) {
    kernel_sockets_.remove(event.sk);
    return false;
  }
  use(*caller.process, event.protocol);
  // A TCP socket that was seen to be made is known by its states. It may be read after the last of them.
  const bool has_states = event.protocol == Protocol::kTcp && caller.call.protocol && !caller.call.was_there;
  if (!has_states) {
    packets_.add(event.protocol, kernel_sockets_.add(event.sk, event.protocol));
  }
  caller.call.protocol = event.protocol;
  caller.call.has_transferred = true;
  // Sent by a call that nobody follows (sendmmsg, splice, io_uring), and none of those matched.
  if (event.is_send && event.ret > 0 && caller.call.kind == SyscallKind::kOther) ++messages_[event.protocol];
  return true;
}

Owner SessionAnalysis::sender_of(const Thread& thread, bool in_softirq) {
  if (in_softirq) return thread.delivery.skb == 0 ? Owner::kTimer : thread.delivery.owner;
  if (thread.process == nullptr) return Owner::kOthers;
  return thread.call.protocol ? owner_of(*thread.call.protocol) : Owner::kNobody;
}

bool SessionAnalysis::handle(const Event& at, const NetDevQueue& event) {
  if (event.device == NetDevice::kOther) return true;
  if (!is_end(event.device)) {
    packets_.passed_on(event.skbaddr);
    return true;
  }
  const Thread& context = thread(at.tid);
  const Owner owner = sender_of(context, event.in_softirq);
  const bool is_sent = !event.in_softirq && context.call.kind == SyscallKind::kSend;
  // TCP sends later what it may not send at once: when an acknowledgement comes, or a timer says so.
  const bool is_late_data = owner != Owner::kUdp && event.len > kLongestBareSegment;
  packets_.queued(
      event.skbaddr,
      {.owner = owner, .len = event.len, .has_data = is_sent || is_late_data, .is_at_tcp = threads_at_tcp_ != 0});
  return true;
}

bool SessionAnalysis::handle(const Event& at, const NetifReceiveSkb& event) {
  if (event.device != NetDevice::kOther) {
    packets_.received(event.skbaddr, thread(at.tid).delivery, threads_at_tcp_ != 0, event.device);
  }
  return true;
}

bool SessionAnalysis::handle(const Event& at, const TcpProbe& event) {
  auto& delivery = thread(at.tid).delivery;
  const std::uint64_t skb = event.skbaddr != 0 ? event.skbaddr : delivery.skb;
  if (const auto protocol = kernel_sockets_.find(event.skaddr)) {
    packets_.arrived(skb, *protocol, delivery);
  } else if (event.skaddr != 0) {
    packets_.disown(skb, delivery);
  }
  if (event.data_len != 0) packets_.carries_data(skb);
  return true;
}

bool SessionAnalysis::handle(const Event& at, const SkbCopy& /*event*/) {
  ++thread(at.tid).call.copies;
  return false;
}

/// Only of the packet that is being delivered is it known that it is still the one that was queued at that address.
bool SessionAnalysis::handle(const Event& at, const SkbDrop& event) {
  const auto& delivery = thread(at.tid).delivery;
  const auto protocol = protocol_of(delivery.owner);
  if (delivery.skb == event.skbaddr && protocol) ++counted_[*protocol].drops[std::string(event.reason)];
  return false;
}

bool SessionAnalysis::handle(const Event& at, const UdpFailQueueRcvSkb& /*event*/) {
  if (thread(at.tid).delivery.owner == Owner::kUdp) ++counted_[Protocol::kUdp].receive_queue_drops;
  return true;
}

bool SessionAnalysis::handle(const Event& at, const SkDataReady& event) {
  auto& delivery = thread(at.tid).delivery;
  const auto protocol = kernel_sockets_.find(event.skaddr);
  if (!protocol) return true;
  if (*protocol == Protocol::kTcp || delivery.owner != Owner::kOthers) {
    packets_.arrived(delivery.skb, *protocol, delivery);
  } else if (delivery.skb != 0) {
    kernel_sockets_.add_unread(event.skaddr);
  }
  return true;
}

bool SessionAnalysis::handle(const Event& at, const InetSockSetState& event) {
  Thread& context = thread(at.tid);
  if (!event.is_tcp) return false;
  const bool by_program = context.process != nullptr && !event.in_softirq;
  if (!kernel_sockets_.change(event, by_program)) return false;
  ++counted_[Protocol::kTcp].socket_state_changes;
  if (by_program) {
    use(*context.process, Protocol::kTcp);
    context.call.protocol = Protocol::kTcp;  // close, exit and the like send a FIN next
  } else {
    packets_.arrived(context.delivery.skb, Protocol::kTcp, context.delivery);
  }
  return false;
}

bool SessionAnalysis::handle(const Event& at, const NetRxSoftirq& /*event*/) {
  thread(at.tid).delivery = {};
  return true;
}

bool SessionAnalysis::handle(const Event& at, const NetRxSoftirqEnd& /*event*/) {
  thread(at.tid).delivery = {};
  return false;
}

bool SessionAnalysis::handle(const Event& at, const SchedWaking& event) {
  Process* const process = thread(event.pid).process;
  if (process != nullptr && process->has_socket && process->window.contains(at.time_ns)) ++process->wakeups;
  return true;
}

bool SessionAnalysis::handle(const Event& at, const SchedSwitch& event) {
  Process* const process = thread(event.prev_pid).process;
  if (process != nullptr && process->has_socket && process->window.contains(at.time_ns)) ++process->context_switches;
  return true;
}

/// What perf says of tasks that were there before has no time.
bool SessionAnalysis::handle(const Event& at, const TaskFork& event) {
  if (at.time_ns == 0) return false;
  Process* const parent = processes_.find(event.parent_pid);
  set_at_tcp(thread(event.tid), false);
  thread(event.tid) = {};
  if (parent == nullptr) return false;
  thread(event.tid).process = event.pid == event.parent_pid ? parent : &processes_.fork(*parent, event.pid);
  return false;
}

/// What is known to be an end is one, whoever of them was seen to send first.
void SessionAnalysis::add_ends(TracedSummary& summary) const {
  if (std::ranges::all_of(known_, &KnownProcess::is_neither_end)) return;
  summary.client = summary.server = {};
  for (const KnownProcess& known : known_) {
    if (known.is_neither_end()) continue;
    ThreadSummary& end = known.end == KnownProcess::End::kClient ? summary.client : summary.server;
    for (const std::int32_t tid : threads_of(known)) end += messages_of_programs_.summary_of(tid);
  }
}

SessionTotals SessionAnalysis::totals(Protocol protocol) const {
  if (at_end_) return (*at_end_)[protocol];
  SessionTotals totals = processes_.totals(protocol);
  totals += counted_[protocol];
  totals.skbs = packets_.skbs(protocol);
  totals.data_skbs = packets_.data_skbs(protocol);
  totals.data_skb_bytes = packets_.data_skb_bytes(protocol);
  totals.softirqs = packets_.softirqs(protocol);
  return totals;
}

TraceResult SessionAnalysis::result() const {
  TraceResult result = messages_of_programs_.result();
  result.quality.unmatched_messages = 0;
  for (const Protocol protocol : kProtocols) {
    const SessionTotals session = totals(protocol);
    if (!is_in_use(session, messages_[protocol])) continue;
    TracedSummary& summary = trace_of(result, protocol).summary;
    summary.session = session;
    summary.messages = messages_[protocol];
    add_ends(summary);
    if (kind_of_messages_ == Messages::kCounted) summary = counts_alone(summary);
    result.quality.unmatched_messages += summary.messages - std::min(summary.messages, summary.matched);
  }
  if (kind_of_messages_ == Messages::kCounted) result.quality.unmatched_wakeups = 0;
  result.skbs_of_nobody = packets_.skbs_of_nobody();
  return result;
}

}  // namespace sockscope

#include "analysis/event_decoder.h"

#include <algorithm>

#include "analysis/socket_calls.h"
#include "analysis/syscall_traits.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/fork_record.h"
#include "parsers/perf_data/switch_record.h"

namespace sockscope {
namespace {

using perf_data::Bytes;

// include/linux/interrupt.h since 2.6.11; only used where the print fmt of softirq_entry cannot be read.
constexpr std::uint64_t kNetRxSoftirq = 3;
constexpr std::int64_t kSyscallNumbers = 512;
constexpr std::uint64_t kIpProtoTcp = 6;
constexpr std::uint64_t kIpProtoUdp = 17;
// include/linux/socket.h
constexpr std::uint32_t kMsgPeek = 2;
// include/linux/trace_events.h: TRACE_FLAG_SOFTIRQ of common_flags.
constexpr std::uint32_t kTraceFlagSoftirq = 0x10;

/// The names of enum skb_drop_reason.
tracepoint::Symbols drop_reasons(const tracepoint::Catalog& catalog) {
  const auto* const format = catalog.find("skb", "kfree_skb");
  return format == nullptr ? tracepoint::Symbols{} : tracepoint::Symbols::of(*format, "reason");
}

std::uint64_t net_rx_vec(const tracepoint::Catalog& catalog) {
  const auto* const format = catalog.find("irq", "softirq_entry");
  if (format == nullptr) return kNetRxSoftirq;
  const auto symbols = tracepoint::Symbols::of(*format, "vec");
  for (const auto& [value, name] : symbols.entries()) {
    if (name == "NET_RX") return value;
  }
  return kNetRxSoftirq;
}

/// The value of a field that must be there.
template <class T, class Field>
bool load(const std::optional<Field>& field, Bytes payload, T& out) {
  if (!field) return false;
  const auto value = field->read(payload);
  if (value) out = static_cast<T>(*value);
  return value.has_value();
}

/// The value of a field that older kernels lack: 0 there.
template <class T>
bool load_if_any(const std::optional<tracepoint::IntegerField>& field, Bytes payload, T& out) {
  return !field || load(field, payload, out);
}

/// From common_flags.
bool load_in_softirq(const std::optional<tracepoint::IntegerField>& field, Bytes payload, bool& in_softirq) {
  std::uint32_t flags = 0;
  if (!load_if_any(field, payload, flags)) return false;
  in_softirq = (flags & kTraceFlagSoftirq) != 0;
  return true;
}

/// From the name of the device.
bool load_device(const std::optional<tracepoint::StringField>& field, Bytes payload, NetDevice& device) {
  if (!field) return false;
  const auto name = field->read_padded(payload);
  if (!name) return false;
  device = net_device_named(name->substr(0, name->find('\0')));
  return true;
}

}  // namespace

struct EventDecoder::Known {
  std::string_view system;
  std::string_view name;
  Kind kind;
  std::array<std::string_view, kIntegers> integers{};
  std::string_view string{};
  std::string_view array{};
};

const std::array<EventDecoder::Known, 20>& EventDecoder::known_events() {
  static constexpr std::array<Known, 20> known{{
      {"raw_syscalls", "sys_enter", Kind::kRawSysEnter, {"id"}, {}, "args"},
      {"raw_syscalls", "sys_exit", Kind::kRawSysExit, {"id", "ret"}},
      {"net", "net_dev_queue", Kind::kNetDevQueue, {"skbaddr", "len", "common_flags"}, "name"},
      {"net", "net_dev_xmit", Kind::kNetDevXmit, {}, "name"},
      {"net", "netif_rx", Kind::kNetifRx, {"skbaddr"}, "name"},
      {"net", "netif_receive_skb", Kind::kNetifReceiveSkb, {"skbaddr"}, "name"},
      {"tcp", "tcp_probe", Kind::kTcpProbe, {"skbaddr", "skaddr", "data_len"}},
      {"sock", "sk_data_ready", Kind::kSkDataReady, {"skaddr"}},
      {"sock", "sock_send_length", Kind::kSockSendLength, {"sk", "protocol", {}, "ret"}},
      {"sock", "sock_recv_length", Kind::kSockRecvLength, {"sk", "protocol", "flags", "ret"}},
      {"sock",
       "inet_sock_set_state",
       Kind::kInetSockSetState,
       {"skaddr", "oldstate", "newstate", "sport", "protocol", "common_flags"}},
      {"skb", "skb_copy_datagram_iovec", Kind::kSkbCopy},
      {"skb", "kfree_skb", Kind::kSkbDrop, {"skbaddr", "reason"}},
      {"udp", "udp_fail_queue_rcv_skb", Kind::kUdpFail},
      {"tcp", "tcp_retransmit_skb", Kind::kTcpRetransmit},
      {"irq", "softirq_entry", Kind::kSoftirqEntry, {"vec"}},
      {"irq", "softirq_exit", Kind::kSoftirqExit, {"vec"}},
      {"sched", "sched_waking", Kind::kSchedWaking, {"pid"}},
      {"sched", "sched_migrate_task", Kind::kSchedMigrateTask, {"pid"}},
      {"sched", "sched_switch", Kind::kSchedSwitch, {"prev_pid", "next_pid", "prev_state"}, "prev_comm"},
  }};
  return known;
}

EventDecoder::EventDecoder(const tracepoint::Catalog& catalog, std::string_view arch, Interest interest)
    : order_(catalog.formats().empty() ? perf_data::ByteOrder::kNative : catalog.formats().front().byte_order),
      interest_(interest),
      net_rx_vec_(net_rx_vec(catalog)),
      drop_reasons_(drop_reasons(catalog)) {
  for (const auto& format : catalog.formats()) {
    if (format.id >= bindings_.size()) bindings_.resize(std::size_t{format.id} + 1);
    bindings_[format.id] = bind(format);
  }
  for (std::int64_t number = 0; number < kSyscallNumbers; ++number) {
    syscalls_.push_back(syscall_traits(arch, number));
    socket_calls_.push_back(socket_operation(arch, number));
  }
  if (const auto* const format = catalog.find("sched", "sched_switch"); format != nullptr) {
    task_state_ = tracepoint::TaskState::of(*format);
  }
}

EventDecoder::Binding EventDecoder::bind(const tracepoint::Format& format) const {
  if (format.system == "syscalls") return bind_syscall(format);
  const auto& known = known_events();
  const auto* const found = std::ranges::find_if(
      known, [&](const Known& event) { return event.system == format.system && event.name == format.name; });
  Binding binding;
  binding.kind = Kind::kIgnored;
  if (found == known.end()) return binding;
  binding.kind = found->kind;
  for (std::size_t i = 0; i < kIntegers; ++i) {
    if (!found->integers[i].empty()) binding.integers[i] = tracepoint::IntegerField::of(format, found->integers[i]);
  }
  if (!found->string.empty()) binding.string = tracepoint::StringField::of(format, found->string);
  if (!found->array.empty()) binding.array = tracepoint::IntegerArrayField::of(format, found->array);
  if (interest_ == Interest::kSessions) {
    if (binding.kind == Kind::kRawSysEnter) binding.kind = Kind::kRawSysEnterOfSession;
  } else if (is_of_session(binding.kind)) {
    binding.kind = Kind::kIgnored;
  } else if (binding.kind == Kind::kNetDevQueue) {
    binding.integers[2].reset();
  } else if (binding.kind == Kind::kSockSendLength || binding.kind == Kind::kSockRecvLength) {
    binding.integers[3].reset();
  }
  return binding;
}

/// syscalls:sys_enter_NAME names the arguments of that call; the positions are raw_syscalls' args.
EventDecoder::Binding EventDecoder::bind_syscall(const tracepoint::Format& format) {
  constexpr std::string_view enter = "sys_enter_";
  constexpr std::string_view exit = "sys_exit_";
  Binding binding;
  binding.kind = Kind::kIgnored;
  const std::string_view name = format.name;
  if (name.starts_with(enter)) {
    binding.kind = Kind::kSysEnter;
    binding.syscall = syscall_traits(name.substr(enter.size()));
    binding.integers[0] = tracepoint::IntegerField::of(format, "fd");
    // sendto says "len", read and write "count", recvfrom "size".
    for (const std::string_view length : {"len", "count", "size"}) {
      if (binding.syscall.has_length && !binding.integers[1]) {
        binding.integers[1] = tracepoint::IntegerField::of(format, length);
      }
    }
  } else if (name.starts_with(exit)) {
    binding.kind = Kind::kSysExit;
    binding.integers[0] = tracepoint::IntegerField::of(format, "ret");
  }
  return binding;
}

EventDecoder::Outcome EventDecoder::decode(const perf_data::Record& record, Event& event) const {
  if (record.type == perf_data::record_type::kSample) return decode_sample(record, event);
  if (interest_ == Interest::kSessions) {
    if (const auto fork = perf_data::parse_fork(record, order_)) {
      event = {.time_ns = record.time_ns,
               .tid = record.tid,
               .body = TaskFork{.pid = fork->pid, .tid = fork->tid, .parent_pid = fork->parent_pid}};
      return Outcome::kDecoded;
    }
  }
  const auto change = perf_data::parse_switch(record, order_);
  if (!change || change->direction != perf_data::SwitchRecord::Direction::kIn) return Outcome::kIgnored;
  event = {.time_ns = record.time_ns,
           .tid = record.tid,
           .cpu = record.cpu,
           .body = SwitchIn{.tid = record.tid, .prev_tid = change->other_tid.value_or(-1)}};
  return Outcome::kDecoded;
}

EventDecoder::Outcome EventDecoder::decode_sample(const perf_data::Record& record, Event& event) const {
  const auto id = tracepoint::common_type(record.payload, order_);
  // A sample without RAW is not a tracepoint's: a CPU clock's, a dummy's.
  if (!id) return Outcome::kIgnored;
  if (*id >= bindings_.size()) return Outcome::kUndecodable;
  const Binding& binding = bindings_[*id];
  if (binding.kind == Kind::kUnknown) return Outcome::kUndecodable;
  if (binding.kind == Kind::kIgnored) return Outcome::kIgnored;
  if (binding.kind == Kind::kSoftirqEntry || binding.kind == Kind::kSoftirqExit) {
    std::uint64_t vec = 0;
    if (load(binding.integers[0], record.payload, vec) && vec != net_rx_vec_) return Outcome::kIgnored;
  }
  event.time_ns = record.time_ns;
  event.tid = record.tid;
  event.cpu = record.cpu;
  return decode_body(binding, record, event.body) ? Outcome::kDecoded : Outcome::kUndecodable;
}

bool EventDecoder::decode_body(const Binding& binding, const perf_data::Record& record, EventBody& body) const {
  switch (binding.kind) {
    case Kind::kUnknown:
    case Kind::kIgnored:
      return false;
    case Kind::kRawSysEnter:
    case Kind::kRawSysEnterOfSession:
    case Kind::kRawSysExit:
    case Kind::kSysEnter:
    case Kind::kSysExit:
      return decode_syscall(binding, record.payload, body);
    case Kind::kNetDevQueue:
    case Kind::kNetDevXmit:
    case Kind::kNetifRx:
    case Kind::kNetifReceiveSkb:
      return decode_packet(binding, record.payload, body);
    case Kind::kTcpProbe:
    case Kind::kSkDataReady:
    case Kind::kSockSendLength:
    case Kind::kSockRecvLength:
    case Kind::kUdpFail:
    case Kind::kTcpRetransmit:
      return decode_socket(binding, record, body);
    case Kind::kSoftirqEntry: {
      std::uint64_t vec = 0;
      body.emplace<NetRxSoftirq>();
      return load(binding.integers[0], record.payload, vec);
    }
    case Kind::kSoftirqExit:
    case Kind::kInetSockSetState:
    case Kind::kSkbCopy:
    case Kind::kSkbDrop:
      return decode_of_session(binding, record.payload, body);
    case Kind::kSchedWaking:
      return load(binding.integers[0], record.payload, body.emplace<SchedWaking>().pid);
    case Kind::kSchedMigrateTask:
      return load(binding.integers[0], record.payload, body.emplace<SchedMigrateTask>().pid);
    case Kind::kSchedSwitch:
      return decode_switch(binding, record.payload, body.emplace<SchedSwitch>());
  }
  return false;
}

bool EventDecoder::decode_syscall(const Binding& binding, Bytes payload, EventBody& body) const {
  const auto& integers = binding.integers;
  if (binding.kind == Kind::kRawSysEnter) return decode_raw_enter(binding, payload, body.emplace<SyscallEnter>());
  if (binding.kind == Kind::kRawSysEnterOfSession) return decode_raw_enter_of_session(binding, payload, body);
  if (binding.kind == Kind::kRawSysExit) return load(integers[1], payload, body.emplace<SyscallExit>().ret);
  if (binding.kind == Kind::kSysExit) return load(integers[0], payload, body.emplace<SyscallExit>().ret);
  auto& enter = body.emplace<SyscallEnter>();
  enter.kind = binding.syscall.kind;
  if (integers[1]) enter.length = integers[1]->read_unsigned(payload);
  return load_if_any(integers[0], payload, enter.fd);
}

/// One of net:*, as far as the analysis needs them.
bool EventDecoder::decode_packet(const Binding& binding, Bytes payload, EventBody& body) {
  const auto& integers = binding.integers;
  switch (binding.kind) {
    case Kind::kNetDevQueue: {
      auto& queue = body.emplace<NetDevQueue>();
      return load(integers[0], payload, queue.skbaddr) && load(integers[1], payload, queue.len) &&
             load_in_softirq(integers[2], payload, queue.in_softirq) &&
             load_device(binding.string, payload, queue.device);
    }
    case Kind::kNetDevXmit:
      return load_device(binding.string, payload, body.emplace<NetDevXmit>().device);
    case Kind::kNetifRx: {
      auto& rx = body.emplace<NetifRx>();
      return load(integers[0], payload, rx.skbaddr) && load_device(binding.string, payload, rx.device);
    }
    default: {
      auto& receive = body.emplace<NetifReceiveSkb>();
      return load(integers[0], payload, receive.skbaddr) && load_device(binding.string, payload, receive.device);
    }
  }
}

/// What happens at a socket.
bool EventDecoder::decode_socket(const Binding& binding, const perf_data::Record& record, EventBody& body) {
  const auto& integers = binding.integers;
  switch (binding.kind) {
    case Kind::kTcpProbe: {
      auto& probe = body.emplace<TcpProbe>();
      return load_if_any(integers[0], record.payload, probe.skbaddr) &&
             load_if_any(integers[1], record.payload, probe.skaddr) &&
             load(integers[2], record.payload, probe.data_len);
    }
    case Kind::kSkDataReady:
      return load(integers[0], record.payload, body.emplace<SkDataReady>().skaddr);
    case Kind::kSockSendLength:
    case Kind::kSockRecvLength:
      return decode_sock_length(binding, record, body.emplace<SockLength>());
    case Kind::kUdpFail:
      body.emplace<UdpFailQueueRcvSkb>();
      return true;
    default:
      body.emplace<TcpRetransmitSkb>();
      return true;
  }
}

bool EventDecoder::decode_raw_enter_of_session(const Binding& binding, Bytes payload, EventBody& body) const {
  std::int64_t number = -1;
  if (!binding.array || !load(binding.integers[0], payload, number)) return false;
  const bool is_known = number >= 0 && number < std::ssize(socket_calls_);
  const auto operation = is_known ? socket_calls_[static_cast<std::size_t>(number)] : std::nullopt;
  if (!operation) return decode_raw_enter(binding, payload, body.emplace<SyscallEnter>());
  auto& call = body.emplace<SocketCall>();
  call.operation = *operation;
  for (std::uint32_t i = 0; i < call.args.size(); ++i) {
    const auto argument = binding.array->read(payload, i);
    if (!argument) return false;
    call.args[i] = static_cast<std::int32_t>(*argument);
  }
  return true;
}

bool EventDecoder::decode_of_session(const Binding& binding, Bytes payload, EventBody& body) const {
  const auto& integers = binding.integers;
  switch (binding.kind) {
    case Kind::kSoftirqExit: {
      std::uint64_t vec = 0;
      body.emplace<NetRxSoftirqEnd>();
      return load(integers[0], payload, vec);
    }
    case Kind::kSkbCopy:
      body.emplace<SkbCopy>();
      return true;
    case Kind::kSkbDrop:
      return decode_drop(binding, payload, body.emplace<SkbDrop>());
    default:
      return decode_set_state(binding, payload, body);
  }
}

bool EventDecoder::decode_drop(const Binding& binding, Bytes payload, SkbDrop& body) const {
  std::uint64_t reason = 0;
  if (!load(binding.integers[0], payload, body.skbaddr) || !load_if_any(binding.integers[1], payload, reason)) {
    return false;
  }
  body.reason = drop_reasons_.name_of(reason);
  if (body.reason.empty()) body.reason = binding.integers[1] ? "UNNAMED" : "NOT_SPECIFIED";
  return true;
}

bool EventDecoder::decode_set_state(const Binding& binding, Bytes payload, EventBody& body) {
  const auto& integers = binding.integers;
  auto& change = body.emplace<InetSockSetState>();
  std::uint64_t protocol = 0;
  const bool is_read = load(integers[0], payload, change.skaddr) && load(integers[1], payload, change.oldstate) &&
                       load(integers[2], payload, change.newstate) && load(integers[3], payload, change.sport) &&
                       load(integers[4], payload, protocol) && load_in_softirq(integers[5], payload, change.in_softirq);
  change.is_tcp = protocol == kIpProtoTcp;
  return is_read;
}

bool EventDecoder::decode_raw_enter(const Binding& binding, Bytes payload, SyscallEnter& body) const {
  std::int64_t number = -1;
  if (!binding.array || !load(binding.integers[0], payload, number)) return false;
  const auto fd = binding.array->read(payload, 0);
  const auto length = binding.array->read(payload, 2);
  if (!fd || !length) return false;
  if (number < 0 || number >= std::ssize(syscalls_)) return true;
  const SyscallTraits& traits = syscalls_[static_cast<std::size_t>(number)];
  body.kind = traits.kind;
  body.fd = static_cast<int>(*fd);
  if (traits.has_length) body.length = static_cast<std::uint64_t>(*length);
  return true;
}

bool EventDecoder::decode_sock_length(const Binding& binding, const perf_data::Record& record, SockLength& body) {
  const Bytes payload = record.payload;
  std::uint64_t protocol = 0;
  if (!load(binding.integers[0], payload, body.sk) || !load(binding.integers[1], payload, protocol)) return false;
  std::uint32_t flags = 0;
  if (!load_if_any(binding.integers[2], payload, flags) || !load_if_any(binding.integers[3], payload, body.ret)) {
    return false;
  }
  body.is_send = binding.kind == Kind::kSockSendLength;
  body.pid = record.pid;
  body.is_peek = (flags & kMsgPeek) != 0;
  body.is_inet = protocol == kIpProtoTcp || protocol == kIpProtoUdp;
  body.protocol = protocol == kIpProtoUdp ? Protocol::kUdp : Protocol::kTcp;
  return true;
}

bool EventDecoder::decode_switch(const Binding& binding, Bytes payload, SchedSwitch& body) const {
  std::int64_t prev_state = 0;
  if (!load(binding.integers[0], payload, body.prev_pid) || !load(binding.integers[1], payload, body.next_pid) ||
      !load(binding.integers[2], payload, prev_state) || !binding.string) {
    return false;
  }
  const auto comm = binding.string->read_padded(payload);
  if (!comm) return false;
  body.prev_comm = *comm;
  body.is_involuntary = task_state_.is_involuntary(prev_state);
  return true;
}

}  // namespace sockscope

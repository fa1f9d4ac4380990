#include "analysis/event_decoder.h"

#include <algorithm>

#include "analysis/syscall_traits.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/switch_record.h"
#include "parsers/tracepoint/symbols.h"

namespace sockscope {
namespace {

using perf_data::Bytes;

// include/linux/interrupt.h since 2.6.11; only used where the print fmt of softirq_entry cannot be read.
constexpr std::uint64_t kNetRxSoftirq = 3;
constexpr std::int64_t kSyscallNumbers = 512;
constexpr std::uint64_t kIpProtoTcp = 6;
constexpr std::uint64_t kIpProtoUdp = 17;

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

/// From the name of the device.
template <class Body>
bool load_is_loopback(const std::optional<tracepoint::StringField>& field, Bytes payload, Body& body) {
  std::string_view device;
  const bool complete = load(field, payload, device);
  body.is_loopback = device == "lo";
  return complete;
}

template <class Body>
std::optional<EventBody> only_if(bool complete, const Body& body) {
  return complete ? std::optional<EventBody>(body) : std::nullopt;
}

/// An event of which one field is needed.
template <class Body, class T>
std::optional<EventBody> from_one_field(const std::optional<tracepoint::IntegerField>& field, Bytes payload,
                                        T Body::* member) {
  Body body;
  return only_if(load(field, payload, body.*member), body);
}

}  // namespace

struct EventDecoder::Known {
  std::string_view system;
  std::string_view name;
  Kind kind;
  std::array<std::string_view, kIntegers> integers{};
  std::array<std::string_view, 2> strings{};
  std::string_view array{};
};

const std::array<EventDecoder::Known, 16>& EventDecoder::known_events() {
  static constexpr std::array<Known, 16> known{{
      {"raw_syscalls", "sys_enter", Kind::kRawSysEnter, {"id"}, {}, "args"},
      {"raw_syscalls", "sys_exit", Kind::kRawSysExit, {"id", "ret"}},
      {"net", "net_dev_queue", Kind::kNetDevQueue, {"skbaddr", "len"}, {"name"}},
      {"net", "net_dev_xmit", Kind::kNetDevXmit, {}, {"name"}},
      {"net", "netif_rx", Kind::kNetifRx, {"skbaddr"}, {"name"}},
      {"net", "netif_receive_skb", Kind::kNetifReceiveSkb, {"skbaddr"}, {"name"}},
      {"tcp", "tcp_probe", Kind::kTcpProbe, {"skbaddr", "skaddr", "data_len"}},
      {"sock", "sk_data_ready", Kind::kSkDataReady, {"skaddr"}},
      {"sock", "sock_send_length", Kind::kSockLength, {"sk", "protocol"}},
      {"sock", "sock_recv_length", Kind::kSockLength, {"sk", "protocol"}},
      {"udp", "udp_fail_queue_rcv_skb", Kind::kUdpFail},
      {"tcp", "tcp_retransmit_skb", Kind::kTcpRetransmit},
      {"irq", "softirq_entry", Kind::kSoftirqEntry, {"vec"}},
      {"sched", "sched_waking", Kind::kSchedWaking, {"pid"}},
      {"sched", "sched_migrate_task", Kind::kSchedMigrateTask, {"pid"}},
      {"sched", "sched_switch", Kind::kSchedSwitch, {"prev_pid", "next_pid", "prev_state"}, {"prev_comm", "next_comm"}},
  }};
  return known;
}

EventDecoder::EventDecoder(const tracepoint::Catalog& catalog, std::string_view arch)
    : net_rx_vec_(net_rx_vec(catalog)) {
  for (const auto& format : catalog.formats()) {
    if (format.id >= bindings_.size()) bindings_.resize(std::size_t{format.id} + 1);
    bindings_[format.id] = bind(format);
  }
  for (std::int64_t number = 0; number < kSyscallNumbers; ++number) {
    syscalls_.push_back(syscall_traits(arch, number));
  }
  if (const auto* const format = catalog.find("sched", "sched_switch"); format != nullptr) {
    task_state_ = tracepoint::TaskState::of(*format);
  }
}

EventDecoder::Binding EventDecoder::bind(const tracepoint::Format& format) {
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
  for (std::size_t i = 0; i < binding.strings.size(); ++i) {
    if (!found->strings[i].empty()) binding.strings[i] = tracepoint::StringField::of(format, found->strings[i]);
  }
  if (!found->array.empty()) binding.array = tracepoint::IntegerArrayField::of(format, found->array);
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
  const auto change = perf_data::parse_switch(record);
  if (!change || change->direction != perf_data::SwitchRecord::Direction::kIn) return Outcome::kIgnored;
  event = {.time_ns = record.time_ns, .cpu = record.cpu, .tid = record.tid, .body = SwitchIn{.tid = record.tid}};
  return Outcome::kDecoded;
}

EventDecoder::Outcome EventDecoder::decode_sample(const perf_data::Record& record, Event& event) const {
  const auto id = tracepoint::common_type(record.payload);
  // A sample without RAW is not a tracepoint's: a CPU clock's, a dummy's.
  if (!id) return Outcome::kIgnored;
  if (*id >= bindings_.size()) return Outcome::kUndecodable;
  const Binding& binding = bindings_[*id];
  if (binding.kind == Kind::kUnknown) return Outcome::kUndecodable;
  if (binding.kind == Kind::kIgnored) return Outcome::kIgnored;
  if (binding.kind == Kind::kSoftirqEntry) {
    std::uint64_t vec = 0;
    if (load(binding.integers[0], record.payload, vec) && vec != net_rx_vec_) return Outcome::kIgnored;
  }
  auto body = decode_body(binding, record.payload);
  if (!body) return Outcome::kUndecodable;
  event = {.time_ns = record.time_ns, .cpu = record.cpu, .tid = record.tid, .body = *body};
  return Outcome::kDecoded;
}

std::optional<EventBody> EventDecoder::decode_body(const Binding& binding, Bytes payload) const {
  const auto& integers = binding.integers;
  switch (binding.kind) {
    case Kind::kUnknown:
    case Kind::kIgnored:
      return std::nullopt;
    case Kind::kRawSysEnter:
    case Kind::kRawSysExit:
    case Kind::kSysEnter:
    case Kind::kSysExit:
      return decode_syscall(binding, payload);
    case Kind::kNetDevQueue:
    case Kind::kNetDevXmit:
    case Kind::kNetifRx:
    case Kind::kNetifReceiveSkb:
      return decode_packet(binding, payload);
    case Kind::kTcpProbe: {
      TcpProbe body;
      return only_if(load_if_any(integers[0], payload, body.skbaddr) &&
                         load_if_any(integers[1], payload, body.skaddr) && load(integers[2], payload, body.data_len),
                     body);
    }
    case Kind::kSkDataReady:
      return from_one_field(integers[0], payload, &SkDataReady::skaddr);
    case Kind::kSockLength: {
      SockLength body;
      std::uint64_t protocol = 0;
      const bool complete = load(integers[0], payload, body.sk) && load(integers[1], payload, protocol);
      body.is_inet = protocol == kIpProtoTcp || protocol == kIpProtoUdp;
      body.protocol = protocol == kIpProtoUdp ? Protocol::kUdp : Protocol::kTcp;
      return only_if(complete, body);
    }
    case Kind::kUdpFail:
      return UdpFailQueueRcvSkb{};
    case Kind::kTcpRetransmit:
      return TcpRetransmitSkb{};
    case Kind::kSoftirqEntry: {
      std::uint64_t vec = 0;
      return only_if(load(integers[0], payload, vec), NetRxSoftirq{});
    }
    case Kind::kSchedWaking:
      return from_one_field(integers[0], payload, &SchedWaking::pid);
    case Kind::kSchedMigrateTask:
      return from_one_field(integers[0], payload, &SchedMigrateTask::pid);
    case Kind::kSchedSwitch:
      return decode_switch(binding, payload);
  }
  return std::nullopt;
}

/// One of net:*, as far as the analysis needs them.
std::optional<EventBody> EventDecoder::decode_packet(const Binding& binding, Bytes payload) {
  const auto& integers = binding.integers;
  switch (binding.kind) {
    case Kind::kNetDevQueue: {
      NetDevQueue body;
      return only_if(load(integers[0], payload, body.skbaddr) && load(integers[1], payload, body.len) &&
                         load_is_loopback(binding.strings[0], payload, body),
                     body);
    }
    case Kind::kNetDevXmit: {
      NetDevXmit body;
      return only_if(load_is_loopback(binding.strings[0], payload, body), body);
    }
    case Kind::kNetifRx: {
      NetifRx body;
      return only_if(load(integers[0], payload, body.skbaddr) && load_is_loopback(binding.strings[0], payload, body),
                     body);
    }
    default: {
      NetifReceiveSkb body;
      return only_if(load(integers[0], payload, body.skbaddr) && load_is_loopback(binding.strings[0], payload, body),
                     body);
    }
  }
}

std::optional<EventBody> EventDecoder::decode_syscall(const Binding& binding, Bytes payload) const {
  if (binding.kind == Kind::kSysExit || binding.kind == Kind::kRawSysExit) {
    SyscallExit body;
    return only_if(load(binding.integers[binding.kind == Kind::kRawSysExit ? 1 : 0], payload, body.ret), body);
  }
  SyscallEnter body;
  if (binding.kind == Kind::kSysEnter) {
    body.kind = binding.syscall.kind;
    if (binding.integers[1]) body.length = binding.integers[1]->read_unsigned(payload);
    return only_if(load_if_any(binding.integers[0], payload, body.fd), body);
  }
  std::int64_t number = -1;
  if (!binding.array || !load(binding.integers[0], payload, number)) return std::nullopt;
  const auto fd = binding.array->read(payload, 0);
  const auto length = binding.array->read(payload, 2);
  if (!fd || !length) return std::nullopt;
  if (number < 0 || number >= std::ssize(syscalls_)) return body;
  const SyscallTraits& traits = syscalls_[static_cast<std::size_t>(number)];
  body.kind = traits.kind;
  body.fd = static_cast<int>(*fd);
  if (traits.has_length) body.length = static_cast<std::uint64_t>(*length);
  return body;
}

std::optional<EventBody> EventDecoder::decode_switch(const Binding& binding, Bytes payload) const {
  SchedSwitch body;
  std::int64_t prev_state = 0;
  const bool complete =
      load(binding.integers[0], payload, body.prev_pid) && load(binding.integers[1], payload, body.next_pid) &&
      load(binding.integers[2], payload, prev_state) && load(binding.strings[0], payload, body.prev_comm) &&
      load(binding.strings[1], payload, body.next_comm);
  body.is_involuntary = task_state_.is_involuntary(prev_state);
  return only_if(complete, body);
}

}  // namespace sockscope

#include "tests/harness/recording.h"

#include <utility>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "tests/analysis/decoding.h"
#include "tests/support/tracing_data_builder.h"

namespace sockscope {
namespace {

using test_support::SampleSpec;

// common_type of each tracepoint; any numbers do.
enum Id : std::uint16_t {
  kSysEnter = 1,
  kSysExit,
  kNetDevQueueId,
  kNetDevXmitId,
  kNetifRxId,
  kNetifReceiveSkbId,
  kTcpProbeId,
  kSkDataReadyId,
  kSockLengthId,
  kUdpFailId,
  kRetransmitId,
  kSoftirqId,
  kWakingId,
  kMigrateId,
  kSwitchId = 372,  // as in sched_switch_6_18()
};

constexpr std::uint64_t kSendto = 44;
constexpr std::uint64_t kRecvfrom = 45;
constexpr std::uint64_t kClockGettime = 228;

const std::string kTaskFields = field("char comm[16]", 8, 16) + field("pid_t pid", 24, 4, true);
const std::string kSockFields =
    field("void * sk", 8, 8) + field("__u16 family", 16, 2) + field("__u16 protocol", 18, 2);

std::vector<test_support::FormatSpec> formats() {
  return {
      {"raw_syscalls",
       format_text("sys_enter", kSysEnter, field("long id", 8, 8, true) + field("unsigned long args[6]", 16, 48))},
      {"raw_syscalls",
       format_text("sys_exit", kSysExit, field("long id", 8, 8, true) + field("long ret", 16, 8, true))},
      {"net", format_text("net_dev_queue", kNetDevQueueId, kNetFields)},
      {"net", format_text("net_dev_xmit", kNetDevXmitId, kNetFields)},
      {"net", format_text("netif_rx", kNetifRxId, kNetFields)},
      {"net", format_text("netif_receive_skb", kNetifReceiveSkbId, kNetFields)},
      {"tcp", format_text("tcp_probe", kTcpProbeId,
                          field("__u16 data_len", 8, 2) + field("const void * skbaddr", 16, 8) +
                              field("const void * skaddr", 24, 8))},
      {"sock", format_text("sk_data_ready", kSkDataReadyId, field("const void * skaddr", 8, 8))},
      {"sock", format_text("sock_send_length", kSockLengthId, kSockFields)},
      {"udp", format_text("udp_fail_queue_rcv_skb", kUdpFailId, field("int rc", 8, 4, true))},
      {"tcp", format_text("tcp_retransmit_skb", kRetransmitId, field("int state", 8, 4, true))},
      {"irq", format_text("softirq_entry", kSoftirqId, field("unsigned int vec", 8, 4))},
      {"sched", format_text("sched_waking", kWakingId, kTaskFields)},
      {"sched", format_text("sched_migrate_task", kMigrateId, kTaskFields)},
      {"sched", tracepoint::sched_switch_6_18()},
  };
}

std::uint32_t bits(std::int32_t value) { return static_cast<std::uint32_t>(value); }

/// The payload of each event; PERF_RECORD_SWITCH has none.
struct Payload {
  ByteWriter operator()(const SyscallEnter& event) const {
    const std::uint64_t number = event.kind == SyscallKind::kSend      ? kSendto
                                 : event.kind == SyscallKind::kReceive ? kRecvfrom
                                                                       : kClockGettime;
    return payload_of(kSysEnter).u64(number).u64(bits(event.fd)).u64(0).u64(event.length.value_or(0)).zeros(24);
  }
  ByteWriter operator()(const SyscallExit& event) const {
    return payload_of(kSysExit).u64(0).u64(static_cast<std::uint64_t>(event.ret));
  }
  ByteWriter operator()(const NetDevQueue& event) const {
    return net_payload(kNetDevQueueId, event.skbaddr, event.len, device(event));
  }
  ByteWriter operator()(const NetDevXmit& event) const { return net_payload(kNetDevXmitId, 0, 0, device(event)); }
  ByteWriter operator()(const NetifRx& event) const { return net_payload(kNetifRxId, event.skbaddr, 0, device(event)); }
  ByteWriter operator()(const NetifReceiveSkb& event) const {
    return net_payload(kNetifReceiveSkbId, event.skbaddr, 0, device(event));
  }
  ByteWriter operator()(const TcpProbe& event) const {
    return payload_of(kTcpProbeId).u16(event.data_len).zeros(6).u64(event.skbaddr).u64(event.skaddr);
  }
  ByteWriter operator()(const SkDataReady& event) const { return payload_of(kSkDataReadyId).u64(event.skaddr); }
  ByteWriter operator()(const SockLength& event) const {
    return payload_of(kSockLengthId).u64(event.sk).u16(2).u16(event.protocol == Protocol::kTcp ? 6 : 17);
  }
  ByteWriter operator()(const UdpFailQueueRcvSkb& /*event*/) const { return payload_of(kUdpFailId).u32(0); }
  ByteWriter operator()(const TcpRetransmitSkb& /*event*/) const { return payload_of(kRetransmitId).u32(0); }
  ByteWriter operator()(const NetRxSoftirq& /*event*/) const { return payload_of(kSoftirqId).u32(3); }
  ByteWriter operator()(const SchedWaking& event) const { return payload_of(kWakingId).zeros(16).u32(bits(event.pid)); }
  ByteWriter operator()(const SchedMigrateTask& event) const {
    return payload_of(kMigrateId).zeros(16).u32(bits(event.pid));
  }
  ByteWriter operator()(const SchedSwitch& event) const {
    return payload_of(kSwitchId)
        .zeros(16)
        .u32(bits(event.prev_pid))
        .u32(120)
        .u64(event.is_involuntary ? 0 : 1)
        .zeros(16)
        .u32(bits(event.next_pid))
        .u32(120);
  }
  ByteWriter operator()(const SwitchIn& /*event*/) const { return ByteWriter(); }
  // Of recordings of programs, which are recorded for real (tests/integration/programs_test.cc).
  ByteWriter operator()(const SocketCall& /*event*/) const { return ByteWriter(); }
  ByteWriter operator()(const InetSockSetState& /*event*/) const { return ByteWriter(); }
  ByteWriter operator()(const NetRxSoftirqEnd& /*event*/) const { return ByteWriter(); }
  ByteWriter operator()(const TaskFork& /*event*/) const { return ByteWriter(); }
  ByteWriter operator()(const SkbCopy& /*event*/) const { return ByteWriter(); }
  ByteWriter operator()(const SkbDrop& /*event*/) const { return ByteWriter(); }

 private:
  template <class Body>
  static std::string_view device(const Body& body) {
    return body.device == NetDevice::kOther ? "eth0" : name_of(body.device);
  }
};

}  // namespace

test_support::PerfDataBuilder recording_of(const EventLog& log) {
  test_support::PerfDataBuilder data;
  data.attr({.config = kSwitchId, .ids = {kSampleId}, .name = "sched:sched_switch"});
  data.tracing_data(test_support::tracing_data_bytes(formats()));
  const auto text = [](std::string_view value) { return ByteWriter().header_string(value).str(); };
  data.feature(perf_data::feature::kArch, text("x86_64"));
  data.feature(perf_data::feature::kOsrelease, text("6.18.44"));
  for (const Event& event : log) {
    SampleSpec sample{.id = kSampleId, .time_ns = event.time_ns, .pid = bits(event.tid), .tid = bits(event.tid)};
    if (std::holds_alternative<SwitchIn>(event.body)) {
      data.context_switch(sample, 0);
      continue;
    }
    sample.raw = std::visit(Payload{}, event.body).str();
    data.sample(sample);
  }
  return data;
}

}  // namespace sockscope

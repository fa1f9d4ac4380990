#include "analysis/event_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "parsers/perf_data/abi.h"
#include "tests/analysis/decoding.h"

// The formats are those of 6.18, cut down to the fields that are read or that lie in between.
namespace sockscope {
namespace {

TEST(EventDecoder, SaysWhenWhereAndInWhichThreadAnEventHappened) {
  const EventDecoder decoder = Formats().add("net", "netif_rx", 9, kNetFields).decoder();
  const Decoded decoded(decoder, net_payload(9, 0xa0, 52, "lo"));
  ASSERT_EQ(decoded.outcome, Outcome::kDecoded);
  EXPECT_EQ(decoded.event.time_ns, 1234U);
  EXPECT_EQ(decoded.event.tid, 77);
}

TEST(EventDecoder, ReadsPacketsOfTheLoopbackDevice) {
  constexpr std::uint64_t skb = 0xffff888012345ae0;
  const EventDecoder decoder = Formats()
                                   .add("net", "net_dev_queue", 10, kNetFields)
                                   .add("net", "netif_rx", 11, kNetFields)
                                   .add("net", "netif_receive_skb", 12, kNetFields)
                                   .decoder();
  const auto queue = Decoded(decoder, net_payload(10, skb, 130, "lo")).as<NetDevQueue>();
  EXPECT_EQ(queue.skbaddr, skb);
  EXPECT_EQ(queue.len, 130U);
  EXPECT_EQ(queue.device, NetDevice::kLoopback);
  const auto rx = Decoded(decoder, net_payload(11, skb, 116, "lo")).as<NetifRx>();
  EXPECT_EQ(rx.skbaddr, skb);
  EXPECT_EQ(rx.device, NetDevice::kLoopback);
  const auto receive = Decoded(decoder, net_payload(12, skb, 116, "lo")).as<NetifReceiveSkb>();
  EXPECT_EQ(receive.skbaddr, skb);
  EXPECT_EQ(receive.device, NetDevice::kLoopback);
}

TEST(EventDecoder, TellsOtherDevicesFromLoopback) {
  const EventDecoder decoder = Formats().add("net", "net_dev_queue", 10, kNetFields).decoder();
  EXPECT_EQ(Decoded(decoder, net_payload(10, 1, 1, "eth0")).as<NetDevQueue>().device, NetDevice::kOther);
  EXPECT_EQ(Decoded(decoder, net_payload(10, 1, 1, "lo0")).as<NetDevQueue>().device, NetDevice::kOther);
  EXPECT_EQ(Decoded(decoder, net_payload(10, 1, 1, "l")).as<NetDevQueue>().device, NetDevice::kOther);
}

TEST(EventDecoder, FindsTheDeviceWhereNetDevXmitHasIt) {
  const EventDecoder decoder = Formats()
                                   .add("net", "net_dev_xmit", 13,
                                        field("void * skbaddr", 8, 8) + field("unsigned int len", 16, 4) +
                                            field("int rc", 20, 4, true) + field("__data_loc char[] name", 24, 4))
                                   .decoder();
  const ByteWriter payload = payload_of(13).u64(0xa0).u32(116).u32(0).u32(3U << 16U | 28U).c_string("lo");
  EXPECT_EQ(Decoded(decoder, payload).as<NetDevXmit>().device, NetDevice::kLoopback);
}

TEST(EventDecoder, ReadsTcpProbeWithItsAddresses) {
  const EventDecoder decoder = Formats()
                                   .add("tcp", "tcp_probe", 14,
                                        field("__u16 data_len", 8, 2) + field("const void * skbaddr", 16, 8) +
                                            field("const void * skaddr", 24, 8))
                                   .decoder();
  const auto probe = Decoded(decoder, payload_of(14).u16(64).zeros(6).u64(0xa0).u64(0x50)).as<TcpProbe>();
  EXPECT_EQ(probe.skbaddr, 0xa0U);
  EXPECT_EQ(probe.skaddr, 0x50U);
  EXPECT_EQ(probe.data_len, 64U);
}

TEST(EventDecoder, ReadsTcpProbeOfAKernelThatDoesNotNameThePacket) {
  const EventDecoder decoder = Formats().add("tcp", "tcp_probe", 14, field("__u16 data_len", 8, 2)).decoder();
  const auto probe = Decoded(decoder, payload_of(14).u16(64)).as<TcpProbe>();
  EXPECT_EQ(probe.skbaddr, 0U);
  EXPECT_EQ(probe.skaddr, 0U);
  EXPECT_EQ(probe.data_len, 64U);
}

TEST(EventDecoder, ReadsSocketEvents) {
  const std::string length = field("void * sk", 8, 8) + field("__u16 family", 16, 2) + field("__u16 protocol", 18, 2);
  const EventDecoder decoder = Formats()
                                   .add("sock", "sk_data_ready", 15, field("const void * skaddr", 8, 8))
                                   .add("sock", "sock_send_length", 16, length)
                                   .add("sock", "sock_recv_length", 17, length)
                                   .decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(15).u64(0x50)).as<SkDataReady>().skaddr, 0x50U);
  const auto tcp = Decoded(decoder, payload_of(16).u64(0xc0).u16(2).u16(6)).as<SockLength>();
  EXPECT_EQ(tcp.sk, 0xc0U);
  EXPECT_EQ(tcp.pid, 76);
  EXPECT_TRUE(tcp.is_inet);
  EXPECT_EQ(tcp.protocol, Protocol::kTcp);
  const auto udp = Decoded(decoder, payload_of(17).u64(0xc1).u16(2).u16(17)).as<SockLength>();
  EXPECT_EQ(udp.sk, 0xc1U);
  EXPECT_TRUE(udp.is_inet);
  EXPECT_EQ(udp.protocol, Protocol::kUdp);
}

TEST(EventDecoder, TellsOtherProtocolsFromTcpAndUdp) {
  const EventDecoder decoder =
      Formats()
          .add("sock", "sock_send_length", 16,
               field("void * sk", 8, 8) + field("__u16 family", 16, 2) + field("__u16 protocol", 18, 2))
          .decoder();
  EXPECT_FALSE(Decoded(decoder, payload_of(16).u64(0xc0).u16(1).u16(0)).as<SockLength>().is_inet) << "AF_UNIX";
  EXPECT_FALSE(Decoded(decoder, payload_of(16).u64(0xc0).u16(2).u16(1)).as<SockLength>().is_inet) << "ICMP";
}

TEST(EventDecoder, NoticesDropsAndRetransmissions) {
  const EventDecoder decoder = Formats()
                                   .add("udp", "udp_fail_queue_rcv_skb", 18, field("int rc", 8, 4, true))
                                   .add("tcp", "tcp_retransmit_skb", 19, field("int state", 8, 4, true))
                                   .decoder();
  EXPECT_TRUE(std::holds_alternative<UdpFailQueueRcvSkb>(Decoded(decoder, payload_of(18).u32(0)).event.body));
  EXPECT_TRUE(std::holds_alternative<TcpRetransmitSkb>(Decoded(decoder, payload_of(19).u32(0)).event.body));
}

constexpr std::string_view kVecPrintFmt =
    "\"vec=%u [action=%s]\", REC->vec, __print_symbolic(REC->vec, { 0, \"HI\" }, { 1, \"TIMER\" }, { 2, \"NET_TX\" }, "
    "{ 3, \"NET_RX\" }, { 4, \"BLOCK\" })";

TEST(EventDecoder, NoticesTheNetRxSoftirqAndIgnoresTheOthers) {
  const EventDecoder decoder =
      Formats().add("irq", "softirq_entry", 20, field("unsigned int vec", 8, 4), kVecPrintFmt).decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(20).u32(3)).outcome, Outcome::kDecoded);
  EXPECT_TRUE(std::holds_alternative<NetRxSoftirq>(Decoded(decoder, payload_of(20).u32(3)).event.body));
  for (const std::uint32_t vec : {0U, 1U, 2U, 4U}) {
    EXPECT_EQ(Decoded(decoder, payload_of(20).u32(vec)).outcome, Outcome::kIgnored) << vec;
  }
}

TEST(EventDecoder, TakesTheNumberOfNetRxFromTheRecordedKernel) {
  const EventDecoder decoder = Formats()
                                   .add("irq", "softirq_entry", 20, field("unsigned int vec", 8, 4),
                                        "\"%s\", __print_symbolic(REC->vec, { 3, \"NET_TX\" }, { 5, \"NET_RX\" })")
                                   .decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(20).u32(5)).outcome, Outcome::kDecoded);
  EXPECT_EQ(Decoded(decoder, payload_of(20).u32(3)).outcome, Outcome::kIgnored);
}

TEST(EventDecoder, AssumesTheNumberOfNetRxWhereTheKernelDoesNotSayIt) {
  const EventDecoder decoder = Formats().add("irq", "softirq_entry", 20, field("unsigned int vec", 8, 4)).decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(20).u32(3)).outcome, Outcome::kDecoded);
  EXPECT_EQ(Decoded(decoder, payload_of(20).u32(2)).outcome, Outcome::kIgnored);
}

TEST(EventDecoder, ReadsWhoIsWokenAndWhoIsMoved) {
  const std::string fields = field("char comm[16]", 8, 16) + field("pid_t pid", 24, 4, true);
  const EventDecoder decoder =
      Formats().add("sched", "sched_waking", 21, fields).add("sched", "sched_migrate_task", 22, fields).decoder();
  EXPECT_EQ(Decoded(decoder, payload_of(21).zeros(16).u32(200)).as<SchedWaking>().pid, 200);
  EXPECT_EQ(Decoded(decoder, payload_of(22).zeros(16).u32(201)).as<SchedMigrateTask>().pid, 201);
}

TEST(EventDecoder, ReadsBothTasksOfASwitch) {
  const EventDecoder decoder = Formats().add_text("sched", tracepoint::sched_switch_6_18()).decoder();
  const ByteWriter payload = switch_payload(1);
  perf_data::Record record{.type = perf_data::record_type::kSample};
  record.payload = test_support::bytes_of(payload.str());
  Event event;
  ASSERT_EQ(decoder.decode(record, event), Outcome::kDecoded);
  const auto& change = std::get<SchedSwitch>(event.body);
  EXPECT_EQ(change.prev_pid, 100);
  EXPECT_EQ(change.next_pid, 0);
  EXPECT_EQ(change.prev_comm, std::string("echo-client").append(5, '\0'));
}

TEST(EventDecoder, TellsByPrevStateWhetherATaskHadToLeave) {
  const EventDecoder decoder = Formats().add_text("sched", tracepoint::sched_switch_6_18()).decoder();
  const auto is_involuntary = [&](std::uint64_t prev_state) {
    return Decoded(decoder, switch_payload(prev_state)).as<SchedSwitch>().is_involuntary;
  };
  EXPECT_TRUE(is_involuntary(0)) << "R";
  EXPECT_TRUE(is_involuntary(0x100)) << "R+";
  EXPECT_FALSE(is_involuntary(0x1)) << "S";
  EXPECT_FALSE(is_involuntary(0x2)) << "D";
  EXPECT_FALSE(is_involuntary(0x80)) << "I";
}

/// A record that is no sample, of thread 77.
Outcome decode(std::uint32_t type, std::uint16_t misc, Event& event) {
  const EventDecoder decoder = Formats().decoder();
  static const std::string prev_pid_and_tid(8, '\0');
  perf_data::Record record{.type = type, .misc = misc, .time_ns = 1234, .cpu = 1, .pid = 76, .tid = 77};
  record.payload = test_support::bytes_of(prev_pid_and_tid);
  return decoder.decode(record, event);
}

TEST(SwitchRecords, OntoACpuAreEventsOfTheirThread) {
  for (const std::uint32_t type : {perf_data::record_type::kSwitch, perf_data::record_type::kSwitchCpuWide}) {
    Event event;
    ASSERT_EQ(decode(type, 0, event), Outcome::kDecoded);
    ASSERT_TRUE(std::holds_alternative<SwitchIn>(event.body));
    EXPECT_EQ(std::get<SwitchIn>(event.body).tid, 77);
    EXPECT_EQ(event.tid, 77);
    EXPECT_EQ(event.time_ns, 1234U);
  }
}

TEST(SwitchRecords, AwayFromACpuAreIgnoredAsSchedSwitchHasThemAll) {
  Event event;
  EXPECT_EQ(decode(perf_data::record_type::kSwitchCpuWide, perf_data::record_misc::kSwitchOut, event),
            Outcome::kIgnored);
}

TEST(OtherRecords, AreIgnored) {
  Event event;
  for (const std::uint32_t type : {perf_data::record_type::kLost, perf_data::record_type::kComm, 99U}) {
    EXPECT_EQ(decode(type, 0, event), Outcome::kIgnored) << type;
  }
}

}  // namespace
}  // namespace sockscope

// What EventDecoder reads for SessionAnalysis alone, and passes over for everybody else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/event_decoder.h"
#include "tests/analysis/decoding.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

constexpr std::uint64_t kSocket = 41;
constexpr std::uint64_t kSendto = 44;

EventDecoder decoder(Interest interest, std::string_view arch = "x86_64") {
  const std::string state_fields = field("const void * skaddr", 8, 8) + field("int oldstate", 16, 4, true) +
                                   field("int newstate", 20, 4, true) + field("__u16 sport", 24, 2) +
                                   field("__u16 protocol", 30, 2);
  const std::string length_fields = field("void * sk", 8, 8) + field("__u16 protocol", 18, 2) +
                                    field("int ret", 20, 4, true) + field("int flags", 24, 4, true);
  return Formats()
      .add("raw_syscalls", "sys_enter", 30, field("long id", 8, 8, true) + field("unsigned long args[6]", 16, 48))
      .add("irq", "softirq_exit", 31, field("unsigned int vec", 8, 4))
      .add("sock", "inet_sock_set_state", 32, state_fields)
      .add("net", "net_dev_queue", 33, kNetFields)
      .add("sock", "sock_send_length", 34, length_fields)
      .add("sock", "sock_recv_length", 35, length_fields)
      .add("skb", "skb_copy_datagram_iovec", 36, field("const void * skbaddr", 8, 8) + field("int len", 16, 4, true))
      .decoder(arch, interest);
}

ByteWriter enter(std::uint64_t number) {
  return payload_of(30).u64(number).u64(2).u64(~0ULL).u64(6).u64(0x80000).u64(0).u64(0);
}

ByteWriter state(std::uint16_t protocol) {
  return payload_of(32).u64(0xc0).u32(10).u32(3).u16(5000).u16(40000).u16(2).u16(protocol);
}

TEST(SocketCallDecoding, GivesTheFirstFourArguments) {
  const auto call = Decoded(decoder(Interest::kSessions), enter(kSocket)).as<SocketCall>();
  EXPECT_EQ(call.operation, SocketOperation::kSocket);
  EXPECT_THAT(call.args, ElementsAre(2, -1, 6, 0x80000));
}

TEST(SocketCallDecoding, LeavesAllOtherCallsWhatTheyAre) {
  const auto send = Decoded(decoder(Interest::kSessions), enter(kSendto)).as<SyscallEnter>();
  EXPECT_EQ(send.kind, SyscallKind::kSend);
  EXPECT_EQ(send.fd, 2);
  EXPECT_EQ(send.length, 6U);
  EXPECT_EQ(send.socket, -1);
  const auto unknown = Decoded(decoder(Interest::kSessions), enter(100'000)).as<SyscallEnter>();
  EXPECT_EQ(unknown.kind, SyscallKind::kOther);
  const auto elsewhere = Decoded(decoder(Interest::kSessions, "i686"), enter(kSocket)).as<SyscallEnter>();
  EXPECT_EQ(elsewhere.kind, SyscallKind::kOther);
}

TEST(SocketCallDecoding, IsForSessionsAlone) {
  EXPECT_EQ(Decoded(decoder(Interest::kMessages), enter(kSocket)).as<SyscallEnter>().kind, SyscallKind::kOther);
}

TEST(SocketCallDecoding, RefusesArgumentsThatAreCutOff) {
  EXPECT_EQ(Decoded(decoder(Interest::kSessions), enter(kSocket), 24).outcome, Outcome::kUndecodable);
}

TEST(SocketStateDecoding, GivesSocketStatesAndPort) {
  const auto change = Decoded(decoder(Interest::kSessions), state(6)).as<InetSockSetState>();
  EXPECT_EQ(change.skaddr, 0xc0U);
  EXPECT_EQ(change.oldstate, 10);
  EXPECT_EQ(change.newstate, 3);
  EXPECT_EQ(change.sport, 5000);
  EXPECT_TRUE(change.is_tcp);
  EXPECT_FALSE(Decoded(decoder(Interest::kSessions), state(132)).as<InetSockSetState>().is_tcp);
  EXPECT_EQ(Decoded(decoder(Interest::kMessages), state(6)).outcome, Outcome::kIgnored);
  EXPECT_EQ(Decoded(decoder(Interest::kSessions), state(6), 2).outcome, Outcome::kUndecodable);
}

TEST(SoftirqExitDecoding, IsOfNetRxAndForSessionsAlone) {
  const Decoded end(decoder(Interest::kSessions), payload_of(31).u32(3));
  EXPECT_EQ(end.outcome, Outcome::kDecoded);
  EXPECT_TRUE(std::holds_alternative<NetRxSoftirqEnd>(end.event.body));
  EXPECT_EQ(Decoded(decoder(Interest::kSessions), payload_of(31).u32(1)).outcome, Outcome::kIgnored);
  EXPECT_EQ(Decoded(decoder(Interest::kMessages), payload_of(31).u32(3)).outcome, Outcome::kIgnored);
}

TEST(CopyDecoding, IsForSessionsAlone) {
  const Decoded copy(decoder(Interest::kSessions), payload_of(36).u64(0xa0).u32(64));
  EXPECT_EQ(copy.outcome, Outcome::kDecoded);
  EXPECT_TRUE(std::holds_alternative<SkbCopy>(copy.event.body));
  EXPECT_EQ(Decoded(decoder(Interest::kMessages), payload_of(36).u64(0xa0).u32(64)).outcome, Outcome::kIgnored);
}

// A kernel's own names: NO_SOCKET was 3 on this one.
TEST(DropDecoding, NamesTheReasonAsTheKernelDoes) {
  const std::string fields = field("void * skbaddr", 8, 8) + field("enum skb_drop_reason reason", 20, 4);
  const auto named =
      Formats()
          .add("skb", "kfree_skb", 37, fields,
               "\"reason: %s\", __print_symbolic(REC->reason, { 3, \"NO_SOCKET\" }, { 6, \"SOCKET_RCVBUFF\" })")
          .decoder("x86_64", Interest::kSessions);
  const auto drop = [&named](std::uint32_t reason) {
    return Decoded(named, payload_of(37).u64(0xa0).zeros(4).u32(reason)).as<SkbDrop>();
  };
  EXPECT_EQ(drop(6).skbaddr, 0xa0U);
  EXPECT_EQ(drop(6).reason, "SOCKET_RCVBUFF");
  EXPECT_EQ(drop(3).reason, "NO_SOCKET");
  EXPECT_EQ(drop(0x10001).reason, "UNNAMED");
  EXPECT_EQ(Decoded(named, payload_of(37).u64(0xa0).zeros(4).u32(6), 1).outcome, Outcome::kUndecodable);
}

// Before 5.17.
TEST(DropDecoding, DoesWithoutAReason) {
  const auto old =
      Formats().add("skb", "kfree_skb", 37, field("void * skbaddr", 8, 8)).decoder("x86_64", Interest::kSessions);
  EXPECT_EQ(Decoded(old, payload_of(37).u64(0xa0)).as<SkbDrop>().reason, "NOT_SPECIFIED");
}

// TRACE_FLAG_SOFTIRQ of common_flags, the third byte.
TEST(PacketDecoding, SaysWhetherASoftirqQueuedIt) {
  for (const bool in_softirq : {false, true}) {
    std::string bytes = net_payload(33, 0xa0, 66, "lo").str();
    bytes[2] = static_cast<char>(in_softirq ? 0x90 : 0x80);
    perf_data::Record record{.type = perf_data::record_type::kSample, .tid = 77};
    record.payload = test_support::bytes_of(bytes);
    Event event;
    ASSERT_EQ(decoder(Interest::kSessions).decode(record, event), Outcome::kDecoded);
    EXPECT_EQ(std::get<NetDevQueue>(event.body).in_softirq, in_softirq);
    ASSERT_EQ(decoder(Interest::kMessages).decode(record, event), Outcome::kDecoded);
    EXPECT_FALSE(std::get<NetDevQueue>(event.body).in_softirq);
  }
}

TEST(SockLengthDecoding, SaysHowMuchWasSentAndWhetherItWasLookedAtOnly) {
  const auto payload = [](std::uint16_t id, std::uint32_t flags) {
    return payload_of(id).u64(0xc0).u16(2).u16(17).u32(6).u32(flags);
  };
  const auto sent = Decoded(decoder(Interest::kSessions), payload(34, 2)).as<SockLength>();
  EXPECT_TRUE(sent.is_send);
  EXPECT_FALSE(sent.is_peek);
  EXPECT_EQ(sent.ret, 6);
  for (const Interest interest : {Interest::kMessages, Interest::kSessions}) {
    const auto received = Decoded(decoder(interest), payload(35, 0x40 | 2)).as<SockLength>();
    EXPECT_FALSE(received.is_send);
    EXPECT_TRUE(received.is_peek);
    EXPECT_EQ(received.ret, interest == Interest::kSessions ? 6 : 0);
    EXPECT_FALSE(Decoded(decoder(interest), payload(35, 0x40)).as<SockLength>().is_peek);
  }
}

TEST(ForkDecoding, IsForSessionsAlone) {
  const std::string bytes = ByteWriter().u32(300).u32(200).u32(301).u32(201).u64(5000).str();
  perf_data::Record record{.type = perf_data::record_type::kFork, .time_ns = 5000, .pid = 200, .tid = 201};
  record.body = record.payload = test_support::bytes_of(bytes);
  Event event;
  ASSERT_EQ(decoder(Interest::kSessions).decode(record, event), Outcome::kDecoded);
  const auto fork = std::get<TaskFork>(event.body);
  EXPECT_EQ(fork.pid, 300);
  EXPECT_EQ(fork.tid, 301);
  EXPECT_EQ(fork.parent_pid, 200);
  EXPECT_EQ(event.time_ns, 5000U);
  EXPECT_EQ(decoder(Interest::kMessages).decode(record, event), Outcome::kIgnored);
}

}  // namespace
}  // namespace sockscope

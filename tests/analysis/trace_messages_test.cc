// How TraceAnalysis matches packets, messages and receive calls when things do not go as in a plain ping-pong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

constexpr std::uint64_t kOtherSkb = 0xd000;

TraceResult analyse_known(const EventLog& log, Protocol protocol = Protocol::kTcp) {
  return analyse(log, known_flow(protocol));
}

std::vector<std::string> stages_of_tcp(const TraceResult& result) {
  return lines_of(trace_of(result, Protocol::kTcp).summary.stages);
}

/// The response of add_round_trip(), as if sent from a thread that never slept: enough to complete a round trip.
void add_short_response(EventLog& log, std::uint64_t t, Protocol protocol) {
  log.in(kServerTid)
      .send(t, kServerFd, 64)
      .queue(t + 10, kResponseSkb, 130)
      .rx(t + 20, kResponseSkb)
      .receive(t + 30, kResponseSkb)
      .ready(t + 40, kClientSk)
      .sock(t + 50, kServerSk, protocol)
      .exit(t + 60, 64);
  log.in(kClientTid).recv(t + 70, kClientFd).sock(t + 80, kClientSk, protocol).exit(t + 90, 64);
}

// Both ends on CPUs of their own; the server's receive comes after the data.
EventLog receiver_not_blocked() {
  EventLog log;
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .xmit(1450)
      .receive(1600, kRequestSkb)
      .probe(1650, kRequestSkb, kServerSk, 64)
      .ready(1700, kServerSk)
      .sock(1800, kClientSk, Protocol::kTcp)
      .exit(1900, 64);
  log.in(kServerTid).recv(1950, kServerFd).sock(2000, kServerSk, Protocol::kTcp).exit(2100, 64);
  add_short_response(log, 2200, Protocol::kTcp);
  return log;
}

/// A message of `bytes` from one end to the other, all within `t` to t + 60.
void add_message(EventLog& log, std::uint64_t t, bool from_client, std::uint64_t skb) {
  log.in(from_client ? kClientTid : kServerTid)
      .send(t, from_client ? kClientFd : kServerFd, 64)
      .queue(t + 10, skb, 130)
      .rx(t + 20, skb)
      .receive(t + 30, skb)
      .ready(t + 40, from_client ? kServerSk : kClientSk)
      .sock(t + 50, from_client ? kClientSk : kServerSk, Protocol::kTcp)
      .exit(t + 60, 64);
}

void add_receive(EventLog& log, std::uint64_t t, bool by_client) {
  log.in(by_client ? kClientTid : kServerTid)
      .recv(t, by_client ? kClientFd : kServerFd)
      .sock(t + 10, by_client ? kClientSk : kServerSk, Protocol::kTcp)
      .exit(t + 20, 64);
}

// An open loop: the second request is there before the first one's answer has arrived.
TEST(PipelinedRequests, AreEachAnsweredByTheirOwn) {
  EventLog log;
  add_message(log, 1000, true, kRequestSkb);
  add_receive(log, 1100, false);
  add_message(log, 1200, false, kResponseSkb);  // answers the first ...
  add_message(log, 1300, true, kOtherSkb);
  add_receive(log, 1400, false);
  add_receive(log, 1500, true);  // ... and arrives behind the second
  add_message(log, 1600, false, kResponseSkb);
  add_receive(log, 1700, true);
  const ProtocolTrace trace = trace_of(analyse_known(log), Protocol::kTcp);
  EXPECT_EQ(trace.unsound, 0U);
  EXPECT_EQ(trace.summary.rtt.count(), 2U);
  EXPECT_EQ(trace.summary.rtt.max(), 520U);  // 1000 to 1520
  EXPECT_EQ(trace.summary.rtt.min(), 420U);  // 1300 to 1720
}

// Two writes, one answer: the answer is to the second, which made the request whole.
TEST(TwoRequestsBeforeOneAnswer, AreOneRoundTripFromTheSecondOn) {
  EventLog log;
  add_message(log, 1000, true, kRequestSkb);
  add_receive(log, 1100, false);
  add_message(log, 1200, true, kOtherSkb);
  add_receive(log, 1300, false);
  add_message(log, 1400, false, kResponseSkb);
  add_receive(log, 1500, true);
  const ProtocolTrace trace = trace_of(analyse_known(log), Protocol::kTcp);
  EXPECT_EQ(trace.unsound, 0U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 320U);  // 1200 to 1520
  EXPECT_EQ(trace.summary.matched, 3U);
}

TEST(RequestsWithoutAnAnswer, AreForgottenBeyondSixtyFour) {
  EventLog log;
  for (std::uint64_t i = 0; i < 100; ++i) {
    add_message(log, 1000 + 100 * i, true, kRequestSkb);
    add_receive(log, 1070 + 100 * i, false);
  }
  const ProtocolTrace trace = trace_of(analyse_known(log), Protocol::kTcp);
  EXPECT_EQ(trace.summary.request_one_way.count(), 100U);
  EXPECT_EQ(trace.summary.matched, 100U);
}

TEST(ReceiverThatDidNotSleep, LacksAWakeUpAndItsNeighboursMeet) {
  for (const TraceResult& result : {analyse(receiver_not_blocked()), analyse_known(receiver_not_blocked())}) {
    const ProtocolTrace trace = trace_of(result, Protocol::kTcp);
    EXPECT_EQ(trace.summary.rtt.max(), 1290U);  // 1000 to 2290
    EXPECT_THAT(
        lines_of(trace.summary.stages),
        ElementsAreArray({"request send 300", "request device 100", "request backlog 200", "request receive 100",
                          "request wake-up absent", "request deliver 400", "server turn-around 100", "response send 10",
                          "response device 10", "response backlog 10", "response receive 10", "response wake-up absent",
                          "response deliver 50"}));
    EXPECT_EQ(result.quality.unmatched_wakeups, 0U);
  }
}

TEST(ReceiverThatDidNotSleep, LacksReceiveTooOnAKernelWithoutSkDataReady) {
  const TraceResult result = analyse_known(receiver_not_blocked().without<SkDataReady>());
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.rtt.max(), 1290U);
  EXPECT_THAT(stages_of_tcp(result),
              IsSupersetOf({"request receive absent", "request wake-up absent", "request deliver 500"}));
}

// A timer woke the receiver before the message's packet came.
TEST(ReceiverThatDidNotSleep, IsNotWokenByAnEarlierWaking) {
  EventLog early;
  early.in(300).waking(1550, kServerTid).in(kServerTid).switch_in(1580);
  EXPECT_THAT(stages_of_tcp(analyse_known(receiver_not_blocked().with(early))),
              IsSupersetOf({"request receive 100", "request wake-up absent", "request deliver 400"}));
}

// The segment met a socket that its owner was using, and waited in its backlog.
TEST(SegmentFromTheBacklog, IsReadyWhenItsReceiversThreadProcessesIt) {
  EventLog log;
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 130)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .sock(1800, kClientSk, Protocol::kTcp)
      .exit(1900, 64);
  log.in(kServerTid)
      .recv(1500, kServerFd)
      .probe(1950, kRequestSkb, kServerSk, 64)
      .ready(2000, kServerSk)
      .sock(2050, kServerSk, Protocol::kTcp)
      .exit(2100, 64);
  add_short_response(log, 2200, Protocol::kTcp);
  for (const TraceResult& result : {analyse(log), analyse_known(log)}) {
    EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
    EXPECT_THAT(stages_of_tcp(result),
                IsSupersetOf({"request receive 400", "request wake-up absent", "request deliver 100"}));
  }
}

// Data ready is told again when an acknowledgement comes: that is not when the message's packet was delivered.
TEST(SkDataReadyOfAnotherPacket, DoesNotMoveTheMessages) {
  EventLog extra;
  extra.in(kClientTid).ready(1850, kServerSk);
  ASSERT_THAT(stages_of_tcp(analyse_known(receiver_not_blocked())),
              IsSupersetOf({"request receive 100", "request deliver 400"}));
  EXPECT_THAT(stages_of_tcp(analyse_known(receiver_not_blocked().with(extra))),
              IsSupersetOf({"request receive 100", "request deliver 400"}));
}

// The softirq runs in the sender's call, so the receiver's acknowledgement is queued there as well.
TEST(PureAcknowledgementInTheSendersCall, IsNotTakenForTheMessagesPacket) {
  EventLog ack;
  ack.in(kClientTid)
      .queue(1660, kOtherSkb, 66)
      .rx(1670, kOtherSkb)
      .xmit(1675)
      .receive(1850, kOtherSkb)
      .probe(1860, kOtherSkb, kClientSk, 0);
  for (const bool is_known : {false, true}) {
    const EventLog log = ping_pong(Protocol::kTcp).with(ack);
    const TraceResult result = is_known ? analyse_known(log) : analyse(log);
    EXPECT_EQ(result.packets.queued, 3U);
    EXPECT_EQ(result.packets.received, 3U);
    EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.rtt.max(), 3000U);
    EXPECT_THAT(stages_of_tcp(result), ElementsAreArray(stages_of_a_ping_pong()));
  }
}

TEST(PureAcknowledgementInTheSendersCall, IsCountedAsAnSkb) {
  EventLog ack;
  ack.in(kClientTid).queue(1660, kOtherSkb, 66);
  EXPECT_EQ(trace_of(analyse_known(ping_pong(Protocol::kTcp).with(ack)), Protocol::kTcp).summary.counts.skbs, 3U);
}

/// 100,000 bytes in two segments; the second is queued while the softirq of the first has run already. What the server
/// does with them is the test's.
EventLog two_segments() {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid)
      .send(1000, kClientFd, 100'000)
      .queue(1300, kRequestSkb, 65'602)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .probe(1650, kRequestSkb, kServerSk, 0)  // 65,536 bytes: data_len has 16 bits
      .ready(1700, kServerSk)
      .waking(1750, kServerTid)
      .queue(1800, kOtherSkb, 34'530)
      .rx(1850, kOtherSkb)
      .receive(2000, kOtherSkb)
      .probe(2050, kOtherSkb, kServerSk, 34'464)
      .ready(2100, kServerSk)
      .sock(2200, kClientSk, Protocol::kTcp)
      .exit(2300, 100'000)
      .recv(2400, kClientFd)
      .switch_to(2500, kServerTid);
  return log;
}

TEST(MessageInTwoSegments, IsThatOfItsLastOneWhenItIsReceivedAtOnce) {
  EventLog log = two_segments();
  log.in(kServerTid).sock(2600, kServerSk, Protocol::kTcp).exit(2700, 100'000);
  add_short_response(log, 3000, Protocol::kTcp);
  for (const TraceResult& result : {analyse(log), analyse_known(log)}) {
    const ProtocolTrace trace = trace_of(result, Protocol::kTcp);
    EXPECT_EQ(trace.summary.messages, 2U);
    EXPECT_EQ(trace.summary.matched, 2U);
    EXPECT_EQ(trace.summary.rtt.max(), 2090U);  // 1000 to 3090
    // The wake-up at 1750 was for the first segment, before the last one came: the receiver was awake for this one.
    EXPECT_THAT(lines_of(trace.summary.stages),
                IsSupersetOf({"request send 800", "request device 50", "request backlog 150", "request receive 100",
                              "request wake-up absent", "request deliver 600"}));
  }
}

TEST(MessageInTwoSegments, IsCompleteWithTheReceiveThatBringsItsLastByte) {
  EventLog log = two_segments();
  log.in(kServerTid)
      .sock(2600, kServerSk, Protocol::kTcp)
      .exit(2700, 65'536)
      .recv(2750, kServerFd)
      .sock(2800, kServerSk, Protocol::kTcp)
      .exit(2900, 34'464);
  add_short_response(log, 3000, Protocol::kTcp);
  const TraceResult result = analyse_known(log);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 2U);
  EXPECT_THAT(stages_of_tcp(result), IsSupersetOf({"request wake-up absent", "request deliver 800",  // 2100 to 2900
                                                   "server turn-around 100"}));
}

// The receiver slept again between the segments, so the second one woke it.
TEST(MessageInTwoSegments, HasTheWakeUpOfItsLastOne) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid)
      .send(1000, kClientFd, 100'000)
      .queue(1300, kRequestSkb, 65'602)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .ready(1700, kServerSk)
      .waking(1750, kServerTid);
  log.in(kServerTid).switch_in(1760).exit(1780, 65'536).recv(1790, kServerFd).switch_to(1795, 0);
  log.in(kClientTid)
      .queue(1800, kOtherSkb, 34'530)
      .rx(1850, kOtherSkb)
      .receive(2000, kOtherSkb)
      .ready(2100, kServerSk)
      .waking(2150, kServerTid)
      .exit(2300, 100'000);
  log.in(kServerTid).switch_in(2400).exit(2500, 34'464);
  add_short_response(log, 3000, Protocol::kTcp);
  EXPECT_THAT(stages_of_tcp(analyse_known(log)),
              IsSupersetOf({"request receive 150", "request wake-up 250", "request deliver 100"}));
}

// The stream carries on where the short send stopped: 40 bytes, then the rest as a message of its own.
TEST(ShortSend, CountsForWhatWasSent) {
  EventLog log;
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1300, kRequestSkb, 106)
      .rx(1400, kRequestSkb)
      .receive(1600, kRequestSkb)
      .ready(1700, kServerSk)
      .exit(1900, 40);
  log.in(kServerTid).recv(1950, kServerFd).exit(2000, 40);
  add_short_response(log, 2200, Protocol::kTcp);
  const ProtocolTrace trace = trace_of(analyse_known(log), Protocol::kTcp);
  EXPECT_EQ(trace.summary.messages, 2U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
}

TEST(FailedSend, IsNoMessage) {
  EventLog log;
  log.in(kClientTid).send(500, kClientFd, 64).exit(600, -11);  // EAGAIN
  const TraceResult result = analyse_known(log.with(ping_pong(Protocol::kTcp)));
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 2U);
  EXPECT_THAT(stages_of_tcp(result), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(FailedReceive, CompletesNothing) {
  EventLog log;
  log.in(kServerTid).recv(850, kServerFd).exit(880, -4);  // EINTR
  const TraceResult result = analyse_known(log.with(ping_pong(Protocol::kTcp)));
  EXPECT_THAT(stages_of_tcp(result), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(SendmsgWithoutALength, HasItAtItsExit) {
  EventLog log;
  for (const Event& event : ping_pong(Protocol::kTcp)) {
    log.in(event.tid);
    const auto* const enter = std::get_if<SyscallEnter>(&event.body);
    if (enter != nullptr && enter->kind == SyscallKind::kSend) {
      log.sendmsg(event.time_ns, enter->fd);
    } else {
      log.add(event.time_ns, event.body);
    }
  }
  const TraceResult result = analyse_known(log);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
  EXPECT_THAT(stages_of_tcp(result), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(EmptyDatagram, IsNoMessage) {
  EventLog log = ping_pong(Protocol::kUdp);
  log.in(kClientTid).send(5000, kClientFd, 0).queue(5100, kRequestSkb, 42).exit(5200, 0);
  const ProtocolTrace trace = trace_of(analyse_known(log, Protocol::kUdp), Protocol::kUdp);
  EXPECT_EQ(trace.summary.messages, 2U);
  EXPECT_EQ(trace.summary.matched, 2U);
}

// The softirq that was left to the client's thread delivers a packet of a program that is not recorded.
TEST(AnotherProgramsPacket, IsCountedAndChangesNothing) {
  EventLog other;
  other.in(kClientTid).receive(1550, kOtherSkb).ready(1560, 0x99).receive(1750, kOtherSkb);
  const TraceResult result = analyse_known(ping_pong(Protocol::kTcp).with(other));
  EXPECT_EQ(result.packets.unannounced, 2U);
  EXPECT_EQ(result.packets.queued, 2U);
  EXPECT_EQ(result.packets.received, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
  EXPECT_THAT(stages_of_tcp(result), ElementsAreArray(stages_of_a_ping_pong()));
}

// A server that serves one connection after the other gets the same descriptor each time, from the kernel's point of
// view another socket.
TEST(NextConnectionOverTheSameDescriptors, IsFoundAsAnotherFlow) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  for (int i = 0; i < 2; ++i) add_round_trip(log, {.start_ns = 1000 + 10'000 * static_cast<std::uint64_t>(i)});
  for (int i = 2; i < 4; ++i) {
    add_round_trip(log,
                   {.start_ns = 1000 + 10'000 * static_cast<std::uint64_t>(i), .client_sk = 0xc2, .server_sk = 0x52});
  }
  const ProtocolTrace trace = trace_of(analyse(log), Protocol::kTcp);
  EXPECT_EQ(trace.summary.messages, 8U);
  EXPECT_EQ(trace.summary.matched, 8U);
  EXPECT_EQ(trace.summary.rtt.count(), 4U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(WritesToSomethingElseThanASocket, AreNoMessages) {
  EventLog log = ping_pong(Protocol::kTcp);
  for (std::uint64_t t = 5000; t < 5500; t += 100) log.in(kClientTid).send(t, 1, 10).exit(t + 50, 10);
  const TraceResult result = analyse(log);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

TEST(SocketThatIsNotInet, IsNoFlow) {
  EventLog log;
  for (const Event& event : ping_pong(Protocol::kTcp)) {
    log.in(event.tid);
    if (const auto* const sock = std::get_if<SockLength>(&event.body); sock != nullptr) {
      log.add(event.time_ns, SockLength{.sk = sock->sk, .is_inet = false});
    } else {
      log.add(event.time_ns, event.body);
    }
  }
  EXPECT_THAT(analyse(log).protocols, IsEmpty());
}

}  // namespace
}  // namespace sockscope

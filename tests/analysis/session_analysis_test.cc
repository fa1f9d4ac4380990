#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/session_log.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(LabSession, TakesEightSkbsAndTwelveStateChangesOverTcp) {
  const TraceResult result = lab_session().analyse();
  ASSERT_THAT(result.protocols, SizeIs(1));
  const SessionTotals tcp = totals_of(result, Protocol::kTcp);
  EXPECT_EQ(tcp.skbs, 8U);
  EXPECT_EQ(tcp.socket_state_changes, 12U);
  EXPECT_EQ(tcp.softirqs, 5U);
  EXPECT_EQ(tcp.sockets, 3U);
  EXPECT_EQ(tcp.syscalls, 11U);
  EXPECT_EQ(result.skbs_of_nobody, 0U);
}

TEST(LabSession, ReportsItsOneMessageByStageThoughNothingAnswersIt) {
  const TraceResult result = lab_session().analyse();
  const TracedSummary tcp = trace_of(result, Protocol::kTcp).summary;
  EXPECT_EQ(tcp.messages, 1U);
  EXPECT_EQ(tcp.matched, 1U);
  EXPECT_TRUE(tcp.rtt.empty());
  EXPECT_THAT(lines_of(tcp.stages),
              ElementsAreArray({"request send 10", "request device 10", "request backlog 20", "request receive 20",
                                "request wake-up absent", "request deliver 90"}));
  EXPECT_EQ(tcp.request_one_way.count(), 1U);
  EXPECT_EQ(tcp.request_one_way.max(), 150U);
}

TEST(LabSession, TakesOneSkbAndNoStateChangeOverUdp) {
  SessionLog log;
  log.in(kServer).call(SocketOperation::kSocket, kUdpSocket, 3).call(SocketOperation::kBind, {3}, 0);
  log.in(kClient)
      .call(SocketOperation::kSocket, kUdpSocket, 4)
      .call(SocketOperation::kConnect, {4}, 0)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 4, .length = 6})
      .queue(0xd0, false, 48)
      .softirq()
      .receive(0xd0)
      .add(SkDataReady{.skaddr = kServerSk})
      .softirq_end()
      .sock(kClientSk, Protocol::kUdp, 6, true)
      .exit(6);
  // netcat looks at the first datagram before it reads it.
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 3, .length = 100})
      .add(SockLength{.sk = kServerSk, .is_inet = true, .is_peek = true, .ret = 6, .protocol = Protocol::kUdp})
      .exit(6)
      .call(SocketOperation::kConnect, {3}, 0)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 3, .length = 100})
      .sock(kServerSk, Protocol::kUdp, 6, false)
      .exit(6);
  const TraceResult result = log.analyse();
  ASSERT_THAT(result.protocols, SizeIs(1));
  const TracedSummary udp = trace_of(result, Protocol::kUdp).summary;
  ASSERT_TRUE(udp.session);
  EXPECT_EQ(udp.session->skbs, 1U);
  EXPECT_EQ(udp.session->socket_state_changes, 0U);
  EXPECT_EQ(udp.session->softirqs, 1U);
  EXPECT_EQ(udp.session->syscalls, 8U);
  EXPECT_EQ(udp.messages, 1U);
  EXPECT_EQ(udp.matched, 1U);
  // Up to the exit of the read, not of the look before it.
  EXPECT_EQ(udp.request_one_way.max(), 160U);
}

TEST(OtherPrograms, CountForNothing) {
  SessionLog log;
  log.in(kStranger)
      .call(SocketOperation::kSocket, kTcpSocket, 4)
      .enter(SocketOperation::kConnect, {4})
      .state(kClientSk, tcp_state::kClose, tcp_state::kSynSent, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .queue(0xb0, true)
      .softirq_end()
      .exit(0);
  // In one of ours a softirq delivers the stranger's.
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 1, .length = 5})
      .softirq()
      .receive(0xb0)
      .queue(0xa0, true)
      .receive(0xa0)
      .state(kServerSk, tcp_state::kListen, tcp_state::kSynRecv, true, kPort)
      .softirq_end()
      .exit(5);
  const TraceResult result = log.analyse();
  EXPECT_THAT(result.protocols, IsEmpty());
  EXPECT_EQ(result.skbs_of_nobody, 0U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

// A delayed ACK, from a timer that interrupts whoever is running: known by the socket where it arrives.
TEST(PacketOfATimer, IsKnownByTheSocketItArrivesAt) {
  SessionLog log;
  listen(log);
  connect(log);
  const std::uint64_t before = totals_of(log.analyse(), Protocol::kTcp).skbs;
  log.in(kStranger)
      .queue(0xf0, true)
      .softirq()
      .receive(0xf0)
      .add(TcpProbe{.skbaddr = 0xf0, .skaddr = kClientSk, .data_len = 0})
      .softirq_end();
  EXPECT_EQ(totals_of(log.analyse(), Protocol::kTcp).skbs, before + 1);
}

/// A packet of one stranger to another one's socket.
void add_stranger(SessionLog& log, std::uint64_t sk, Protocol protocol) {
  log.in(kStranger).queue(0xf0).softirq().receive(0xf0);
  if (protocol == Protocol::kTcp) log.add(TcpProbe{.skbaddr = 0xf0, .skaddr = sk, .data_len = 6});
  log.add(SkDataReady{.skaddr = sk}).softirq_end();
}

// What was sent before the last FIN is read after the socket's last state; then somebody else has its address.
TEST(AddressOfAClosedSocket, IsNoSocketOfTheProgramsAnyMore) {
  SessionLog log = lab_session();
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 4, .length = 100})
      .sock(kClientSk, Protocol::kTcp, 0, false)
      .exit(0);
  add_stranger(log, kClientSk, Protocol::kTcp);
  EXPECT_EQ(totals_of(log.analyse(), Protocol::kTcp).skbs, 8U);
}

// Nothing says that a UDP socket is closed; so a datagram from outside counts when it is read.
TEST(DatagramOfAnotherProgram, CountsIfItIsRead) {
  SessionLog log;
  log.in(kServer)
      .call(SocketOperation::kSocket, kUdpSocket, 3)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 3, .length = 100})
      .sock(kServerSk, Protocol::kUdp, 6, false)
      .exit(6);
  add_stranger(log, kServerSk, Protocol::kUdp);
  EXPECT_EQ(totals_of(log.analyse(), Protocol::kUdp).skbs, 0U);
  SessionLog read = log;
  read.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 3, .length = 100})
      .sock(kServerSk, Protocol::kUdp, 6, false)
      .exit(6);
  EXPECT_EQ(totals_of(read.analyse(), Protocol::kUdp).skbs, 1U);
  SessionLog taken = log;
  taken.in(kStranger).sock(kServerSk, Protocol::kUdp, 6, false);
  taken.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 3, .length = 100})
      .sock(kServerSk, Protocol::kUdp, 6, false)
      .exit(6);
  EXPECT_EQ(totals_of(taken.analyse(), Protocol::kUdp).skbs, 0U);
}

// The process is killed: no system call, but the socket's state says what sends the FIN.
TEST(PacketOfADyingProcess, BelongsToTheSocketThatIsClosed) {
  SessionLog log;
  listen(log);
  connect(log);
  log.in(kClient).state(kClientSk, tcp_state::kEstablished, kFinWait1, false).queue(0xa0);
  const TraceResult result = log.analyse();
  EXPECT_EQ(totals_of(result, Protocol::kTcp).skbs, 4U);
  EXPECT_EQ(result.skbs_of_nobody, 0U);
}

TEST(PacketOfAnUnknownSocket, IsCounted) {
  SessionLog log;
  log.in(kClient).add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 9, .length = 6}).queue(0xa0).exit(6);
  EXPECT_EQ(log.analyse().skbs_of_nobody, 1U);
}

}  // namespace
}  // namespace sockscope

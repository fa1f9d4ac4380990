#include "analysis/session_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/analysis/event_log.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int32_t kServer = 200;
constexpr std::int32_t kClient = 100;
constexpr std::int32_t kStranger = 900;
constexpr std::uint64_t kListenerSk = 0x10;
constexpr std::uint64_t kServerSk = 0x50;
constexpr std::uint64_t kClientSk = 0xc0;
constexpr std::uint16_t kPort = 5000;

// include/net/tcp_states.h
constexpr std::int32_t kFinWait1 = 4;
constexpr std::int32_t kFinWait2 = 5;
constexpr std::int32_t kCloseWait = 8;
constexpr std::int32_t kLastAck = 9;

constexpr std::array<std::int32_t, 4> kTcpSocket{2, 1, 0, 0};
constexpr std::array<std::int32_t, 4> kUdpSocket{10, 2, 17, 0};

/// A recording written by hand as EventLog, with what SessionAnalysis takes besides. Time goes on by 10 ns an event.
class SessionLog {
 public:
  SessionLog& in(std::int32_t tid) {
    log_.in(tid);
    return *this;
  }
  SessionLog& add(const EventBody& body) {
    log_.add(time_ns_ += 10, body);
    return *this;
  }
  SessionLog& call(SocketOperation operation, std::array<std::int32_t, 4> args, std::int64_t ret) {
    return add(SocketCall{.operation = operation, .args = args}).add(SyscallExit{.ret = ret});
  }
  SessionLog& enter(SocketOperation operation, std::array<std::int32_t, 4> args) {
    return add(SocketCall{.operation = operation, .args = args});
  }
  SessionLog& exit(std::int64_t ret) { return add(SyscallExit{.ret = ret}); }
  SessionLog& state(std::uint64_t sk, std::int32_t from, std::int32_t to, bool in_softirq, std::uint16_t sport = 0) {
    return add(InetSockSetState{
        .skaddr = sk, .oldstate = from, .newstate = to, .sport = sport, .is_tcp = true, .in_softirq = in_softirq});
  }
  /// Queued by the thread or, answering what is delivered, in softirq context.
  SessionLog& queue(std::uint64_t skb, bool in_softirq = false, std::uint32_t len = 66) {
    return add(NetDevQueue{.skbaddr = skb, .len = len, .is_loopback = true, .in_softirq = in_softirq})
        .add(NetifRx{.skbaddr = skb, .is_loopback = true});
  }
  SessionLog& softirq() { return add(NetRxSoftirq{}); }
  SessionLog& softirq_end() { return add(NetRxSoftirqEnd{}); }
  SessionLog& receive(std::uint64_t skb) { return add(NetifReceiveSkb{.skbaddr = skb, .is_loopback = true}); }
  SessionLog& sock(std::uint64_t sk, Protocol protocol, std::int32_t ret, bool is_send) {
    return add(SockLength{.sk = sk, .pid = 1, .is_inet = true, .is_send = is_send, .ret = ret, .protocol = protocol});
  }

  [[nodiscard]] TraceResult analyse(std::vector<std::int32_t> pids = {kServer, kClient}) const {
    SessionAnalysis analysis(pids);
    for (Event event : log_) analysis.on(event);
    return analysis.result();
  }

 private:
  EventLog log_;
  std::uint64_t time_ns_ = 1000;
};

SessionTotals totals_of(const TraceResult& result, Protocol protocol) {
  return trace_of(result, protocol).summary.session.value_or(SessionTotals{});
}

void listen(SessionLog& log) {
  log.in(kServer)
      .call(SocketOperation::kSocket, kTcpSocket, 3)
      .call(SocketOperation::kBind, {3}, 0)
      .enter(SocketOperation::kListen, {3})
      .state(kListenerSk, tcp_state::kClose, tcp_state::kListen, false, kPort)
      .exit(0);
}

/// The handshake: SYN, SYN-ACK and ACK, all in the client's connect.
void connect(SessionLog& log) {
  log.in(kClient)
      .call(SocketOperation::kSocket, kTcpSocket, 4)
      .enter(SocketOperation::kConnect, {4})
      .state(kClientSk, tcp_state::kClose, tcp_state::kSynSent, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .queue(0xb0, true)
      .receive(0xb0)
      .softirq_end()
      .state(kClientSk, tcp_state::kSynSent, tcp_state::kEstablished, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .state(kServerSk, tcp_state::kListen, tcp_state::kSynRecv, true, kPort)
      .state(kServerSk, tcp_state::kSynRecv, tcp_state::kEstablished, true, kPort)
      .softirq_end()
      .exit(0);
  log.in(kServer).call(SocketOperation::kAccept4, {3, 0, 0, 02000000}, 5);
}

/// Six bytes from the client, and the ACK at once; then the server reads them.
void send_line(SessionLog& log, int client_fd = 4, int server_fd = 5) {
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = client_fd, .length = 6})
      .queue(0xd0, false, 72)
      .softirq()
      .receive(0xd0)
      .add(TcpProbe{.skbaddr = 0xd0, .skaddr = kServerSk, .data_len = 6})
      .add(SkDataReady{.skaddr = kServerSk})
      .queue(0xe0, true)
      .receive(0xe0)
      .softirq_end()
      .sock(kClientSk, Protocol::kTcp, 6, true)
      .exit(6);
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = server_fd, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 6, false)
      .exit(6);
}

/// FIN from the client, FIN and ACK in the server's close.
void hang_up(SessionLog& log) {
  log.in(kClient)
      .enter(SocketOperation::kShutdown, {4, 1})
      .state(kClientSk, tcp_state::kEstablished, kFinWait1, false)
      .queue(0xa0)
      .softirq()
      .receive(0xa0)
      .state(kServerSk, tcp_state::kEstablished, kCloseWait, true, kPort)
      .softirq_end()
      .exit(0);
  log.in(kServer)
      .enter(SocketOperation::kClose, {5})
      .state(kServerSk, kCloseWait, kLastAck, false, kPort)
      .queue(0xb0)
      .softirq()
      .receive(0xb0)
      .state(kClientSk, kFinWait1, kFinWait2, true)
      .queue(0xc0, true)
      .state(kClientSk, kFinWait2, tcp_state::kClose, true)
      .receive(0xc0)
      .state(kServerSk, kLastAck, tcp_state::kClose, true, kPort)
      .softirq_end()
      .exit(0)
      .enter(SocketOperation::kClose, {3})
      .state(kListenerSk, tcp_state::kListen, tcp_state::kClose, false, kPort)
      .exit(0);
}

SessionLog lab_session() {
  SessionLog log;
  listen(log);
  connect(log);
  send_line(log);
  hang_up(log);
  return log;
}

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

// The server's thread accepts, another one of it reads from a duplicate: still the same end of the flow.
TEST(SharedSocket, IsOneEndWhateverThreadAndDescriptorUsesIt) {
  constexpr std::int32_t worker = 201;
  SessionLog log;
  listen(log);
  connect(log);
  log.in(kServer).add(TaskFork{.pid = kServer, .tid = worker, .parent_pid = kServer});
  log.in(kServer).call(SocketOperation::kDup, {5}, 7).call(SocketOperation::kClose, {5}, 0);
  send_line(log, 4, 7);
  log.in(kClient)
      .call(SocketOperation::kDup2, {4, 0}, 0)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 0, .length = 6})
      .queue(0xd0, false, 72)
      .softirq()
      .receive(0xd0)
      .add(TcpProbe{.skbaddr = 0xd0, .skaddr = kServerSk, .data_len = 6})
      .softirq_end()
      .sock(kClientSk, Protocol::kTcp, 6, true)
      .exit(6);
  log.in(worker)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 7, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 6, false)
      .exit(6);
  const TraceResult result = log.analyse();
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 2U);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

// The connection is handed to a child, which executes another program that has it as stdin: inetd.
TEST(ForkedProcess, HasItsParentsSockets) {
  constexpr std::int32_t child = 300;
  SessionLog log;
  listen(log);
  connect(log);
  log.in(kServer)
      .add(TaskFork{.pid = child, .tid = child, .parent_pid = kServer})
      .call(SocketOperation::kClose, {5}, 0);
  log.in(child).call(SocketOperation::kDup2, {5, 0}, 0).call(SocketOperation::kExec, {}, 0);
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 4, .length = 6})
      .queue(0xd0, false, 72)
      .softirq()
      .receive(0xd0)
      .add(TcpProbe{.skbaddr = 0xd0, .skaddr = kServerSk, .data_len = 6})
      .softirq_end()
      .sock(kClientSk, Protocol::kTcp, 6, true)
      .exit(6);
  log.in(child)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100})
      .exit(-9)  // closed by exec
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 0, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 6, false)
      .exit(6);
  const TraceResult result = log.analyse();
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 1U);
  EXPECT_EQ(totals_of(result, Protocol::kTcp).syscalls, 6U + 1U + 1U + 4U);
}

TEST(ForkOfAnotherProgram, TakesTheThreadIdAway) {
  SessionLog log;
  listen(log);
  log.in(kStranger).add(TaskFork{.pid = kServer, .tid = kServer, .parent_pid = kStranger});
  log.in(kServer).call(SocketOperation::kBind, {3}, 0);
  EXPECT_EQ(totals_of(log.analyse(), Protocol::kTcp).syscalls, 3U);
}

// perf's account of the tasks that there were before the recording.
TEST(ForkWithoutATime, IsNoFork) {
  EventLog log;
  log.in(0).add(0, TaskFork{.pid = kServer, .tid = kServer, .parent_pid = 1});
  log.in(kServer).add(10, SocketCall{.operation = SocketOperation::kSocket, .args = kTcpSocket});
  log.add(20, SyscallExit{.ret = 3});
  log.add(30, SocketCall{.operation = SocketOperation::kListen, .args = {3}});
  log.add(40, InetSockSetState{.skaddr = 1, .oldstate = 7, .newstate = 10, .sport = kPort, .is_tcp = true});
  const std::array pids{kServer};
  SessionAnalysis analysis(pids);
  for (Event event : log) analysis.on(event);
  EXPECT_EQ(totals_of(analysis.result(), Protocol::kTcp).syscalls, 2U);
}

// What a message is that nobody follows: sendmmsg sent it.
TEST(UnfollowedMessage, IsCountedAndLeavesTheOthersInPlace) {
  SessionLog log;
  listen(log);
  connect(log);
  send_line(log);
  log.in(kClient).enter(SocketOperation::kTransfer, {4}).queue(0xa0, false, 70);
  log.sock(kClientSk, Protocol::kTcp, 4, true).exit(1);
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 4, false)
      .exit(4);
  send_line(log);
  const TraceResult result = log.analyse();
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 3U);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
  EXPECT_EQ(result.skbs_of_nobody, 0U);
}

// Nobody knows yet where they go; but the socket's bytes are counted since it was made.
TEST(MessagesBeforeTheFirstRead, AreFollowed) {
  SessionLog log;
  listen(log);
  connect(log);
  for (const std::uint64_t skb : {0xd0, 0xe0}) {
    log.in(kClient)
        .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 4, .length = 6})
        .queue(skb, false, 72)
        .softirq()
        .receive(skb)
        .add(TcpProbe{.skbaddr = skb, .skaddr = kServerSk, .data_len = 6})
        .softirq_end()
        .sock(kClientSk, Protocol::kTcp, 6, true)
        .exit(6);
  }
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100})
      .sock(kServerSk, Protocol::kTcp, 12, false)
      .exit(12);
  EXPECT_EQ(trace_of(log.analyse(), Protocol::kTcp).summary.matched, 2U);
}

// The second connection's sockets have the addresses of the first one's.
TEST(ReusedSocketAddress, IsAnotherFlow) {
  SessionLog log;
  listen(log);
  for (int connection = 0; connection < 2; ++connection) {
    connect(log);
    send_line(log);
    log.in(kServer).enter(SocketOperation::kClose, {5}).exit(0);
    log.in(kClient).enter(SocketOperation::kClose, {4}).exit(0);
  }
  const TraceResult result = log.analyse();
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.messages, 2U);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
}

TEST(ServerThatSpeaksFirst, IsTheServerAllTheSame) {
  SessionLog log;
  listen(log);
  connect(log);
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 5, .length = 9})
      .queue(0xd0, false, 75)
      .softirq()
      .receive(0xd0)
      .add(TcpProbe{.skbaddr = 0xd0, .skaddr = kClientSk, .data_len = 9})
      .softirq_end()
      .sock(kServerSk, Protocol::kTcp, 9, true)
      .exit(9);
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 4, .length = 100})
      .sock(kClientSk, Protocol::kTcp, 9, false)
      .exit(9);
  const TracedSummary tcp = trace_of(log.analyse(), Protocol::kTcp).summary;
  EXPECT_TRUE(tcp.request_one_way.empty());
  EXPECT_EQ(tcp.response_one_way.count(), 1U);
  EXPECT_EQ(lines_of(tcp.stages).front(), "response send 10");
}

}  // namespace
}  // namespace sockscope

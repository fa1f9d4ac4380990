#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/session_log.h"

namespace sockscope {
namespace {

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
  const std::array processes{KnownProcess{.pid = kServer}};
  SessionAnalysis analysis(processes);
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

// SessionAnalysis of a workload: processes and sockets that are there when the recording begins, each with the time
// that counts of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/session_log.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::uint64_t kInode = 77;

KnownProcess client_with(std::vector<KnownSocket> sockets, TimeWindow window = {}) {
  return {
      .pid = kClient, .tids = {}, .end = KnownProcess::End::kClient, .window = window, .sockets = std::move(sockets)};
}

KnownProcess server_with(std::vector<KnownSocket> sockets, TimeWindow window = {}) {
  return {
      .pid = kServer, .tids = {}, .end = KnownProcess::End::kServer, .window = window, .sockets = std::move(sockets)};
}

std::vector<KnownProcess> connected_ends(TimeWindow client = {}, TimeWindow server = {}) {
  return {client_with({{.fd = 4, .inode = 1}}, client), server_with({{.fd = 5, .inode = 2}}, server)};
}

TEST(KnownSocket, CarriesMessagesThoughNobodySawItMade) {
  SessionLog log;
  send_line(log);
  const TraceResult result = log.analyse(connected_ends());
  const TracedSummary tcp = trace_of(result, Protocol::kTcp).summary;
  ASSERT_TRUE(tcp.session);
  EXPECT_EQ(tcp.session->skbs, 2U);
  EXPECT_EQ(tcp.session->data_skbs, 1U);
  EXPECT_EQ(tcp.session->data_skb_bytes, 72U);
  EXPECT_EQ(tcp.session->copies, 1U);
  EXPECT_EQ(tcp.session->syscalls, 2U);
  EXPECT_EQ(tcp.session->syscalls_before, 0U);
  EXPECT_EQ(tcp.session->sockets, 0U);
  EXPECT_EQ(tcp.messages, 1U);
  EXPECT_EQ(tcp.matched, 1U);
  EXPECT_EQ(result.skbs_of_nobody, 0U);
}

// As the listening socket that a server has before it forks.
TEST(KnownSocket, IsOneBehindTwoDescriptorsOfOneInode) {
  SessionLog log;
  send_line(log);
  send_line(log, 14, 15);
  const TraceResult result =
      log.analyse({client_with({{.fd = 4, .inode = kInode}, {.fd = 14, .inode = kInode}}),
                   server_with({{.fd = 5, .inode = kInode + 1}, {.fd = 15, .inode = kInode + 1}})});
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

TEST(KnownSocket, ThatListensHasChildren) {
  SessionLog log;
  connect(log);
  const auto with = log.analyse({client_with({}), server_with({{.fd = 3, .inode = 1, .listens_on = kPort}})});
  const auto without = log.analyse({client_with({}), server_with({{.fd = 3, .inode = 1}})});
  EXPECT_EQ(totals_of(with, Protocol::kTcp).socket_state_changes, 4U);
  EXPECT_EQ(totals_of(without, Protocol::kTcp).socket_state_changes, 2U);
  EXPECT_EQ(totals_of(with, Protocol::kTcp).sockets, 2U);
}

TEST(Window, OfEachProcessBoundsItsCalls) {
  SessionLog log;
  for (int i = 0; i < 3; ++i) send_line(log);  // of 16 events each, from 1010 on
  EXPECT_EQ(totals_of(log.analyse(connected_ends()), Protocol::kTcp).syscalls, 6U);
  const TimeWindow second{.from_ns = 1170, .to_ns = 1329};
  EXPECT_EQ(totals_of(log.analyse(connected_ends(second, {})), Protocol::kTcp).syscalls, 4U);
  EXPECT_EQ(totals_of(log.analyse(connected_ends(second, second)), Protocol::kTcp).syscalls, 2U);
}

TEST(Window, OfAllBoundsPacketsButNotTheMessagesThatAreOnTheirWay) {
  SessionLog log;
  for (int i = 0; i < 3; ++i) send_line(log);
  // From the second message to within the third, whose packet is queued and not received.
  const TimeWindow window{.from_ns = 1170, .to_ns = 1345};
  const TraceResult result = log.analyse(connected_ends(window, window));
  const TracedSummary tcp = trace_of(result, Protocol::kTcp).summary;
  EXPECT_EQ(tcp.session->skbs, 3U);
  EXPECT_EQ(tcp.session->softirqs, 1U);
  EXPECT_EQ(tcp.messages, 2U);
  EXPECT_EQ(tcp.matched, 2U);
}

// The server is told apart by what is known of it, though it is seen to send first.
TEST(KnownEnd, IsTheOneThatIsKnown) {
  SessionLog log;
  send_line(log, 4, 5);
  log.in(kServer).add(SchedSwitch{.prev_pid = kServer, .next_pid = 0, .prev_comm = "the-server"});
  log.in(kClient).add(SchedSwitch{.prev_pid = kClient, .next_pid = 0, .prev_comm = "the-client"});
  auto ends = connected_ends();
  const TracedSummary tcp = trace_of(log.analyse(ends), Protocol::kTcp).summary;
  EXPECT_EQ(tcp.client.comm, "the-client");
  EXPECT_EQ(tcp.server.comm, "the-server");
  EXPECT_EQ(tcp.client.traced.voluntary, 1U);
  std::swap(ends[0].end, ends[1].end);
  const TracedSummary swapped = trace_of(log.analyse(ends), Protocol::kTcp).summary;
  EXPECT_EQ(swapped.client.comm, "the-server");
}

TEST(KnownEnd, CountsItsSwitchesInItsWindowAlone) {
  SessionLog log;
  send_line(log);
  for (int i = 0; i < 3; ++i) log.in(kServer).add(SchedSwitch{.prev_pid = kServer, .next_pid = 0, .prev_comm = "s"});
  // The first two switches come at 1170 and 1180.
  const TimeWindow window{.from_ns = 0, .to_ns = 1180};
  const TraceResult result = log.analyse(connected_ends({}, window));
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.server.traced.voluntary, 2U);
  EXPECT_EQ(totals_of(result, Protocol::kTcp).context_switches, 2U);
}

TEST(CountedMessages, AreNotFollowed) {
  SessionLog log;
  send_line(log);
  const TraceResult result = log.analyse(connected_ends(), SessionAnalysis::Messages::kCounted);
  const TracedSummary tcp = trace_of(result, Protocol::kTcp).summary;
  EXPECT_FALSE(tcp.is_followed);
  EXPECT_EQ(tcp.messages, 1U);
  EXPECT_THAT(tcp.stages, IsEmpty());
  EXPECT_TRUE(tcp.request_one_way.empty());
  EXPECT_EQ(tcp.session->skbs, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

/// A datagram of the client, which meets a full buffer if it `is_dropped`.
void send_datagram(SessionLog& log, bool is_dropped) {
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 4, .length = 6})
      .queue(0xd0, false, 48)
      .softirq()
      .receive(0xd0);
  if (is_dropped) {
    log.add(UdpFailQueueRcvSkb{}).add(SkbDrop{.skbaddr = 0xd0, .reason = "SOCKET_RCVBUFF"});
  } else {
    log.add(SkDataReady{.skaddr = kServerSk});
  }
  log.softirq_end().sock(kClientSk, Protocol::kUdp, 6, true).exit(6);
}

TEST(Drops, AreOfThePacketThatIsDelivered) {
  SessionLog log;
  send_datagram(log, false);
  send_datagram(log, true);
  send_datagram(log, true);
  // Another packet's end while one of ours is delivered, and somebody's elsewhere.
  log.in(kClient)
      .add(SyscallEnter{.kind = SyscallKind::kSend, .fd = 4, .length = 6})
      .queue(0xd8, false, 48)
      .softirq()
      .receive(0xd8)
      .add(SkbDrop{.skbaddr = 0xe0, .reason = "QUEUE_PURGE"})
      .softirq_end()
      .exit(6);
  log.in(kStranger).add(SkbDrop{.skbaddr = 0xd0, .reason = "NO_SOCKET"}).add(UdpFailQueueRcvSkb{});
  const KnownSocket udp{.fd = 4, .inode = 1, .protocol = Protocol::kUdp};
  const TraceResult result = log.analyse({client_with({udp}), server_with({})}, SessionAnalysis::Messages::kCounted);
  const SessionTotals totals = totals_of(result, Protocol::kUdp);
  EXPECT_EQ(totals.receive_queue_drops, 2U);
  EXPECT_THAT(totals.drops, ElementsAre(Pair("SOCKET_RCVBUFF", 2U)));
  EXPECT_EQ(totals.skbs, 4U);
  EXPECT_EQ(totals.data_skbs, 4U);
}

// TCP tells of each skb that it copies out of; UDP says nothing of a datagram that lies in one piece.
TEST(Copies, AreAtLeastOneAReceive) {
  SessionLog log;
  send_line(log);
  log.in(kServer)
      .add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100})
      .add(SkbCopy{})
      .add(SkbCopy{})
      .add(SkbCopy{})
      .sock(kServerSk, Protocol::kTcp, 90, false)
      .exit(90);
  log.add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100}).exit(0);
  EXPECT_EQ(totals_of(log.analyse(connected_ends()), Protocol::kTcp).copies, 4U);
}

// BBR sends by a timer, in whatever thread is running, to a socket whose owner is copying: nothing tells where it went.
TEST(PacketOfATimer, IsTheProgramsWhileOneOfThemIsAtTcp) {
  SessionLog log;
  log.in(kServer).add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100'000});
  log.queue(0xf0, true, 65'549).softirq().receive(0xf0).softirq_end();
  log.sock(kServerSk, Protocol::kTcp, 65'483, false).exit(65'483);
  log.in(kStranger).queue(0xf1, true, 65'549).softirq().receive(0xf1).softirq_end();
  log.in(kServer).add(SyscallEnter{.kind = SyscallKind::kOther}).exit(0);
  log.in(kStranger).queue(0xf2, true, 65'549).softirq().receive(0xf2).softirq_end();
  const SessionTotals totals = totals_of(log.analyse(connected_ends()), Protocol::kTcp);
  EXPECT_EQ(totals.data_skbs, 2U);
  EXPECT_EQ(totals.data_skb_bytes, 2 * 65'549U);
}

TEST(PacketOfATimer, IsNotTheProgramsIfItArrivesElsewhere) {
  SessionLog log;
  send_line(log);
  log.in(kServer).add(SyscallEnter{.kind = SyscallKind::kReceive, .fd = 5, .length = 100});
  log.queue(0xf0, true, 500).softirq().receive(0xf0);
  log.add(TcpProbe{.skbaddr = 0xf0, .skaddr = 0xbad, .data_len = 434}).softirq_end().exit(-4);
  EXPECT_EQ(totals_of(log.analyse(connected_ends()), Protocol::kTcp).skbs, 2U);
}

}  // namespace
}  // namespace sockscope

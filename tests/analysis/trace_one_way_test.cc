// Messages that nobody answers: what TraceAnalysis says of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A message of 64 bytes from the client, which takes 800 ns; the server was not waiting.
void add_message(EventLog& log, std::uint64_t t, Protocol protocol = Protocol::kTcp) {
  log.in(kClientTid).send(t, kClientFd, 64).queue(t + 100, kRequestSkb, 130).rx(t + 150, kRequestSkb);
  log.receive(t + 250, kRequestSkb);
  if (protocol == Protocol::kTcp) log.probe(t + 260, kRequestSkb, kServerSk, 64);
  log.ready(t + 300, kServerSk).sock(t + 350, kClientSk, protocol).exit(t + 400, 64);
  log.in(kServerTid).recv(t + 500, kServerFd).sock(t + 600, kServerSk, protocol).exit(t + 800, 64);
}

TEST(OneWayMessages, AreReportedByStageAndTime) {
  for (const Protocol protocol : kProtocols) {
    EventLog log;
    for (std::uint64_t i = 1; i <= 3; ++i) add_message(log, 1000 * i, protocol);
    for (const bool is_known : {false, true}) {
      const auto flow = known_flow(protocol);
      const ProtocolTrace trace = trace_of(is_known ? analyse(log, flow) : analyse(log), protocol);
      EXPECT_EQ(trace.summary.messages, 3U);
      EXPECT_EQ(trace.summary.matched, 3U);
      EXPECT_TRUE(trace.summary.rtt.empty());
      EXPECT_EQ(trace.summary.request_one_way.count(), 3U);
      EXPECT_EQ(trace.summary.request_one_way.max(), 800U);
      EXPECT_TRUE(trace.summary.response_one_way.empty());
      EXPECT_THAT(lines_of(trace.summary.stages),
                  ElementsAre("request send 100", "request device 50", "request backlog 100", "request receive 50",
                              "request wake-up absent", "request deliver 500"));
      EXPECT_EQ(trace.unsound, 0U);
    }
  }
}

TEST(OneWayMessages, AreNoneOfTheStagesWhereThereAreRoundTrips) {
  EventLog log = ping_pong(Protocol::kTcp, 2);
  for (std::uint64_t i = 0; i < 3; ++i) add_message(log, 31'000 + 1000 * i);
  const ProtocolTrace trace = trace_of(analyse(log, known_flow(Protocol::kTcp)), Protocol::kTcp);
  EXPECT_EQ(trace.summary.messages, 7U);
  EXPECT_EQ(trace.summary.matched, 7U);
  EXPECT_EQ(trace.summary.rtt.count(), 2U);
  EXPECT_EQ(trace.summary.request_one_way.count(), 2U);
  EXPECT_EQ(lines_of(trace.summary.stages), stages_of_a_ping_pong());
}

TEST(OneWayMessages, NameTheThreadsOfBothEnds) {
  EventLog log;
  add_message(log, 1000);
  log.in(kServerTid).switch_to(2000, 0);
  log.in(0).switch_to(2100, kClientTid).switch_to(2200, 0, true);
  const TracedSummary tcp = trace_of(analyse(log), Protocol::kTcp).summary;
  EXPECT_EQ(tcp.server.traced.voluntary, 1U);
  EXPECT_EQ(tcp.client.traced.involuntary, 1U);
}

// Its packet's path has a gap: counted, and none of the stages.
TEST(OneWayMessages, ThatCannotBeFollowedAreCounted) {
  EventLog log;
  add_message(log, 1000);
  const TraceResult result = analyse(log.without<NetifRx>(), known_flow(Protocol::kTcp));
  EXPECT_THAT(result.protocols, IsEmpty());
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
}

// What a peek reads is still there: the read after it gets the message, and the next message is another one.
TEST(Peek, ReceivesNothing) {
  EventLog log;
  log.in(kClientTid).send(1000, kClientFd, 64).queue(1100, kRequestSkb, 106).rx(1150, kRequestSkb);
  log.receive(1250, kRequestSkb).ready(1300, kServerSk).sock(1350, kClientSk, Protocol::kUdp).exit(1400, 64);
  log.in(kServerTid)
      .recv(1500, kServerFd)
      .add(1510, SockLength{.sk = kServerSk, .is_inet = true, .is_peek = true, .protocol = Protocol::kUdp})
      .exit(1520, 64);
  log.recv(1600, kServerFd).sock(1610, kServerSk, Protocol::kUdp).exit(1700, 64);
  const ProtocolTrace trace = trace_of(analyse(log), Protocol::kUdp);
  EXPECT_EQ(trace.summary.matched, 1U);
  EXPECT_EQ(trace.summary.request_one_way.max(), 700U);
}

}  // namespace
}  // namespace sockscope

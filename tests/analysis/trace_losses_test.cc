// What TraceAnalysis makes of messages that were lost on the way, or of whose way something is missing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;

constexpr std::uint64_t kLostSkb = 0xd000;

/// A first request of which `seen` was seen before it was dropped, then a round trip.
EventLog lost_datagram(const EventLog& seen) {
  EventLog first;
  first.in(kClientTid).send(100, kClientFd, 64).queue(130, kLostSkb, 106).exit(200, 64);
  return first.with(seen).with(ping_pong(Protocol::kUdp));
}

TEST(LostDatagram, IsGivenUpWhenTheNextOneArrives) {
  const TraceResult result = analyse(lost_datagram({}), known_flow(Protocol::kUdp));
  const ProtocolTrace trace = trace_of(result, Protocol::kUdp);
  EXPECT_EQ(trace.summary.messages, 3U);
  EXPECT_EQ(trace.summary.matched, 2U);
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
  EXPECT_EQ(result.packets.in_flight, 1U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(LostDatagram, OfTheServerIsGivenUpWhenItsNextOneArrives) {
  EventLog log;
  log.in(kServerTid).recv(50, kServerFd);
  // The request arrives, its answer is dropped.
  log.in(kClientTid)
      .send(100, kClientFd, 64)
      .queue(130, kRequestSkb, 106)
      .rx(140, kRequestSkb)
      .receive(160, kRequestSkb)
      .ready(170, kServerSk)
      .exit(200, 64);
  log.in(kServerTid).exit(240, 64).send(260, kServerFd, 64).queue(290, kLostSkb, 106).exit(300, 64);
  log = log.with(ping_pong(Protocol::kUdp));
  const TraceResult result = analyse(log, known_flow(Protocol::kUdp));
  const ProtocolTrace trace = trace_of(result, Protocol::kUdp);
  EXPECT_EQ(trace.summary.messages, 4U);
  EXPECT_EQ(trace.summary.matched, 3U);
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
}

// It came as far as the receiving socket, whose buffer was full.
TEST(LostDatagram, IsGivenUpTooWhenTheReceiversBufferWasFull) {
  EventLog seen;
  seen.in(kClientTid).rx(140, kLostSkb).receive(160, kLostSkb).add(170, UdpFailQueueRcvSkb{});
  const TraceResult result = analyse(lost_datagram(seen), known_flow(Protocol::kUdp));
  const ProtocolTrace trace = trace_of(result, Protocol::kUdp);
  EXPECT_EQ(result.udp_drops, 1U);
  EXPECT_EQ(trace.summary.messages, 3U);
  EXPECT_EQ(trace.summary.matched, 2U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U) << "of the request that was answered, not of the one before";
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

// Nagle's algorithm: the second request is queued in softirq context, when the acknowledgement has come.
TEST(MessageThatTcpHeldBack, IsFollowedByTheSocketItArrivesAt) {
  EventLog log = ping_pong(Protocol::kTcp);
  log.in(kClientTid).send(11'000, kClientFd, 64).exit(11'200, 64);
  log.in(0)
      .queue(51'000, kLostSkb, 130)
      .rx(51'100, kLostSkb)
      .receive(51'300, kLostSkb)
      .probe(51'400, kLostSkb, kServerSk, 64)
      .ready(51'500, kServerSk)
      .waking(51'600, kServerTid)
      .switch_to(51'900, kServerTid)
      .exit(52'000, 64);
  const TraceResult result = analyse(log, known_flow(Protocol::kTcp));
  const ProtocolTrace trace = trace_of(result, Protocol::kTcp);
  EXPECT_EQ(trace.summary.messages, 3U);
  EXPECT_EQ(trace.summary.matched, 3U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

// It carries 64 bytes: one of the two messages that are on their way. The other one is lost.
TEST(MessageThatTcpHeldBack, IsNotTakenForTheOnesBehindIt) {
  EventLog log = ping_pong(Protocol::kTcp);
  log.in(kClientTid).send(11'000, kClientFd, 64).exit(11'200, 64).send(11'300, kClientFd, 64).exit(11'400, 64);
  log.in(0).queue(51'000, kLostSkb, 130).rx(51'100, kLostSkb).receive(51'300, kLostSkb);
  log.probe(51'400, kLostSkb, kServerSk, 64).ready(51'500, kServerSk);
  log.in(kServerTid).exit(52'000, 128);
  const TraceResult result = analyse(log, known_flow(Protocol::kTcp));
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 3U);
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
}

// A segment that is sent again was queued before the message that is on its way now.
TEST(MessageThatTcpHeldBack, IsNotTheOneThatWasSentLater) {
  EventLog log = ping_pong(Protocol::kTcp);
  log.in(0).queue(10'900, kLostSkb, 130).rx(10'950, kLostSkb);
  log.in(kClientTid).send(11'000, kClientFd, 64);
  log.in(0).receive(11'300, kLostSkb).probe(11'400, kLostSkb, kServerSk, 64);
  log.in(kServerTid).exit(52'000, 64);
  const TraceResult result = analyse(log, known_flow(Protocol::kTcp));
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).unsound, 0U);
}

TEST(MessageWithAGapInItsPath, IsCountedAndNoRoundTrip) {
  ASSERT_EQ(
      trace_of(analyse(ping_pong(Protocol::kTcp, 2), known_flow(Protocol::kTcp)), Protocol::kTcp).summary.rtt.count(),
      2U);
  constexpr std::uint64_t first_rx_ns = 1400;
  EventLog lossy;
  for (const Event& event : ping_pong(Protocol::kTcp, 2)) {
    if (event.time_ns != first_rx_ns) lossy.in(event.tid).add(event.time_ns, event.body);
  }
  const TraceResult result = analyse(lossy, known_flow(Protocol::kTcp));
  const ProtocolTrace trace = trace_of(result, Protocol::kTcp);
  EXPECT_EQ(trace.summary.messages, 4U);
  EXPECT_EQ(trace.summary.matched, 3U);
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(result.quality.unmatched_messages, 1U);
}

}  // namespace
}  // namespace sockscope

#include "analysis/trace_analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PingPongTrace : public testing::TestWithParam<Protocol> {
 protected:
  static ProtocolTrace known(const EventLog& log) { return trace_of(analyse(log, known_flow(GetParam())), GetParam()); }
  static ProtocolTrace found(const EventLog& log) { return trace_of(analyse(log), GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Protocols, PingPongTrace, testing::ValuesIn(kProtocols),
                         [](const auto& protocol) { return protocol.param == Protocol::kTcp ? "Tcp" : "Udp"; });

TEST_P(PingPongTrace, IsFollowedThroughAllStagesWhenItsFlowIsKnown) {
  const ProtocolTrace trace = known(ping_pong(GetParam()));
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  EXPECT_EQ(trace.unsound, 0U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST_P(PingPongTrace, IsFollowedThroughAllStagesWhenItsFlowIsFoundByItsSockets) {
  const ProtocolTrace trace = found(ping_pong(GetParam()));
  EXPECT_EQ(trace.summary.rtt.count(), 1U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST_P(PingPongTrace, MatchesEveryMessage) {
  for (const ProtocolTrace& trace : {known(ping_pong(GetParam(), 10)), found(ping_pong(GetParam(), 10))}) {
    EXPECT_EQ(trace.summary.messages, 20U);
    EXPECT_EQ(trace.summary.matched, 20U);
    EXPECT_EQ(trace.summary.rtt.count(), 10U);
    EXPECT_EQ(trace.summary.rtt.min(), 3000U);
    EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  }
}

TEST_P(PingPongTrace, BelongsToItsProtocolAlone) {
  const TraceResult result = analyse(ping_pong(GetParam()));
  ASSERT_THAT(result.protocols, SizeIs(1));
  EXPECT_EQ(result.protocols.front().protocol, GetParam());
}

TEST_P(PingPongTrace, CountsWhatARoundTripTakes) {
  const PathCounts counts = known(ping_pong(GetParam(), 5)).summary.counts;
  EXPECT_EQ(counts.round_trips, 5U);
  EXPECT_EQ(counts.syscalls, 20U);  // Two at either end: the server's first receive came before the first request.
  EXPECT_EQ(counts.skbs, 10U);
  EXPECT_EQ(counts.softirqs, 10U);
  EXPECT_EQ(counts.context_switches, 10U);
  EXPECT_EQ(counts.wakeups, 10U);
}

// The first request of a flow that has to be found is sent before anyone knows that it is one.
TEST_P(PingPongTrace, CountsFromTheSecondRequestWhenItsFlowHasToBeFound) {
  const PathCounts counts = found(ping_pong(GetParam(), 5)).summary.counts;
  EXPECT_EQ(counts.round_trips, 4U);
  EXPECT_EQ(counts.syscalls, 16U);
  EXPECT_EQ(counts.skbs, 8U);
  EXPECT_EQ(counts.softirqs, 8U);
  EXPECT_EQ(counts.context_switches, 8U);
  EXPECT_EQ(counts.wakeups, 8U);
}

// The first has no round trip before it whose end would begin its client's turn-around.
TEST_P(PingPongTrace, KnowsTheEventsInEachPart) {
  const auto means = known(ping_pong(GetParam(), 3)).summary.central.middle_half();
  ASSERT_TRUE(means);
  std::vector<double> times;
  std::vector<double> events;
  for (const auto& mean : *means) {
    times.push_back(mean.time_ns);
    events.push_back(mean.events);
  }
  EXPECT_THAT(times, ElementsAreArray({7000, 300, 100, 200, 200, 400, 200, 200, 300, 150, 200, 150, 400, 200}));
  const double receive = GetParam() == Protocol::kTcp ? 3 : 2;  // TCP's probe
  EXPECT_THAT(events, ElementsAreArray({1.0, 1.0, 1.0, 3.0, receive, 4.0, 2.0, 1.0, 1.0, 1.0, 3.0, receive, 4.0, 2.0}));
  EXPECT_FALSE(known(ping_pong(GetParam(), 1)).summary.central.middle_half());
}

TEST_P(PingPongTrace, DoesNotCountTheCallsOfOthers) {
  EventLog others;
  others.in(300).other_call(1200).exit(1250, 0).other_call(1500).exit(1550, 0).softirq(1560);
  const PathCounts counts = known(ping_pong(GetParam()).with(others)).summary.counts;
  EXPECT_EQ(counts.syscalls, 4U);
  EXPECT_EQ(counts.softirqs, 2U);
}

TEST_P(PingPongTrace, CountsOtherCallsOfItsOwnThreads) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log, {.protocol = GetParam()});
  log.in(kClientTid).other_call(4100).exit(4200, 0);  // Between two round trips.
  add_round_trip(log, {.start_ns = 11'000, .protocol = GetParam()});
  EXPECT_EQ(known(log).summary.counts.syscalls, 9U);
}

TEST_P(PingPongTrace, MeasuresThePeriodFromRequestToRequest) {
  const TracedSummary summary = known(ping_pong(GetParam(), 3)).summary;
  EXPECT_EQ(summary.period.count(), 2U);
  EXPECT_EQ(summary.period.min(), 10'000U);
  EXPECT_EQ(summary.period.max(), 10'000U);
}

// What older kernels cannot say is not needed when the flow is known and the receiver slept.
TEST_P(PingPongTrace, HasTheSameStagesOnAKernelWithoutSockAndTcpEvents) {
  const EventLog log = ping_pong(GetParam(), 3).without<SockLength, TcpProbe, SkDataReady>();
  ASSERT_THAT(analyse(log).protocols, IsEmpty()) << "without these events a flow has to be known";
  const ProtocolTrace trace = known(log);
  EXPECT_EQ(trace.summary.rtt.count(), 3U);
  EXPECT_EQ(trace.summary.rtt.min(), 3000U);
  EXPECT_EQ(trace.summary.rtt.max(), 3000U);
  EXPECT_EQ(trace.summary.matched, 6U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST_P(PingPongTrace, IsFoundOnAKernelWhoseTcpProbeDoesNotNameThePacket) {
  EventLog log = ping_pong(GetParam()).without<TcpProbe>();
  log = log.with(EventLog().in(kClientTid).probe(1650, 0, 0, 64).in(kServerTid).probe(3300, 0, 0, 64));
  EXPECT_EQ(found(log).summary.rtt.count(), 1U);
  EXPECT_THAT(lines_of(found(log).summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(TraceAnalysis, OfNothingIsNothing) {
  const TraceResult result = analyse({});
  EXPECT_THAT(result.protocols, IsEmpty());
  EXPECT_EQ(result.packets.queued, 0U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

TEST(TraceAnalysis, OfAKnownFlowWithoutARoundTripHasNoProtocol) {
  EXPECT_THAT(analyse({}, known_flow(Protocol::kTcp)).protocols, IsEmpty());
}

TEST(TraceAnalysis, KeepsTcpAndUdpApart) {
  EventLog log = ping_pong(Protocol::kTcp);
  EventLog udp;
  udp.in(201).recv(5000, 6);
  udp.in(101)
      .send(5100, 3, 8)
      .queue(5110, 0xe000, 50)
      .rx(5120, 0xe000)
      .receive(5130, 0xe000)
      .ready(5140, 0x51)
      .sock(5150, 0xc1, Protocol::kUdp)
      .exit(5160, 8);
  udp.in(201).sock(5170, 0x51, Protocol::kUdp).exit(5180, 8);
  udp.send(5200, 6, 8)
      .queue(5210, 0xf000, 50)
      .rx(5220, 0xf000)
      .receive(5230, 0xf000)
      .ready(5240, 0xc1)
      .sock(5250, 0x51, Protocol::kUdp)
      .exit(5260, 8);
  udp.in(101).recv(5270, 3).sock(5280, 0xc1, Protocol::kUdp).exit(5290, 8);
  const TraceResult result = analyse(log.with(udp));
  ASSERT_THAT(result.protocols, SizeIs(2));
  EXPECT_EQ(result.protocols[0].protocol, Protocol::kTcp);
  EXPECT_EQ(result.protocols[0].summary.rtt.max(), 3000U);
  EXPECT_EQ(result.protocols[1].protocol, Protocol::kUdp);
  EXPECT_EQ(result.protocols[1].summary.rtt.count(), 1U);
  EXPECT_EQ(result.protocols[1].summary.rtt.max(), 190U);  // 5100 to 5290
}

TEST(TraceAnalysis, FollowsTwoFlowsOfOneProtocolAtOnce) {
  EventLog second;
  for (Event event : ping_pong(Protocol::kTcp)) {
    event.time_ns += 37;
    event.tid += 1000;
    std::visit(
        [](auto& body) {
          if constexpr (requires { body.skbaddr; }) body.skbaddr += 0x100;
          if constexpr (requires { body.skaddr; }) body.skaddr += 0x100;
          if constexpr (requires { body.sk; }) body.sk += 0x100;
          if constexpr (requires { body.pid; }) body.pid += 1000;
          if constexpr (requires { body.prev_pid; }) body.prev_pid += 1000;
          if constexpr (requires { body.next_pid; }) body.next_pid += 1000;
        },
        event.body);
    second.in(event.tid).add(event.time_ns, event.body);
  }
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).with(second));
  ASSERT_THAT(result.protocols, SizeIs(1));
  const ProtocolTrace trace = trace_of(result, Protocol::kTcp);
  EXPECT_EQ(trace.summary.rtt.count(), 2U);
  EXPECT_EQ(trace.summary.matched, 4U);
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
}

TEST(TraceAnalysis, CountsThePacketsOfTheLoopbackDevice) {
  const PacketCounts packets = analyse(ping_pong(Protocol::kTcp, 4)).packets;
  EXPECT_EQ(packets.queued, 8U);
  EXPECT_EQ(packets.transmitted, 8U);
  EXPECT_EQ(packets.rx, 8U);
  EXPECT_EQ(packets.received, 8U);
  EXPECT_EQ(packets.unannounced, 0U);
  EXPECT_EQ(packets.in_flight, 0U);
}

TEST(TraceAnalysis, DoesNotCountThePacketsOfOtherDevices) {
  EventLog eth;
  eth.in(kClientTid)
      .add(1310, NetDevQueue{.skbaddr = 0xe0, .len = 130, .device = NetDevice::kOther})
      .add(1320, NetDevXmit{.device = NetDevice::kOther})
      .add(1330, NetifRx{.skbaddr = 0xe0, .device = NetDevice::kOther})
      .add(1340, NetifReceiveSkb{.skbaddr = 0xe0, .device = NetDevice::kOther});
  const TraceResult result = analyse(ping_pong(Protocol::kTcp).with(eth));
  EXPECT_EQ(result.packets.queued, 2U);
  EXPECT_EQ(result.packets.transmitted, 2U);
  EXPECT_EQ(result.packets.rx, 2U);
  EXPECT_EQ(result.packets.received, 2U);
  EXPECT_EQ(result.packets.unannounced, 0U);
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.matched, 2U);
}

TEST(TraceAnalysis, CountsRetransmissionsAndNoDropsOfOtherPrograms) {
  EventLog log;
  log.add(1, UdpFailQueueRcvSkb{}).add(2, UdpFailQueueRcvSkb{}).add(3, TcpRetransmitSkb{});
  EXPECT_EQ(analyse(log).udp_drops, 0U) << "their datagrams were not counted as sent either";
  EXPECT_EQ(analyse(log).tcp_retransmits, 1U);
}

}  // namespace
}  // namespace sockscope

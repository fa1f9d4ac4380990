#include "analysis/inferred_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/trace_analysis.h"
#include "tests/analysis/event_catalog.h"
#include "tests/analysis/event_log.h"
#include "tests/analysis/ping_pong.h"

// What is found of sockets in a recording that has no event at them.
namespace sockscope {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

EventLog without_sockets(const EventLog& log) { return log.without<SockLength, TcpProbe, SkDataReady>(); }

TraceResult analyse_inferred(const EventLog& log) {
  InferredSockets sockets;
  for (const Event& event : log) sockets.learn(event);
  sockets.finish_learning();
  TraceAnalysis analysis;
  for (const Event& event : log) sockets.tell(event, [&analysis](const Event& one) { analysis.on(one); });
  return analysis.result();
}

/// Those that are told beside the recording's own.
std::vector<Event> inferred_in(const EventLog& log) {
  InferredSockets sockets;
  for (const Event& event : log) sockets.learn(event);
  sockets.finish_learning();
  std::vector<Event> inferred;
  for (const Event& event : log) {
    sockets.tell(event, [&](const Event& one) {
      if (one.body.index() != event.body.index()) inferred.push_back(one);
    });
  }
  return inferred;
}

/// A round trip of which nobody sleeps: the data is there before the receive calls begin.
void add_awake_round_trip(EventLog& log, std::uint64_t t, Protocol protocol) {
  const std::uint32_t length = protocol == Protocol::kTcp ? 130 : 106;
  log.in(kClientTid)
      .send(t, kClientFd, 64)
      .queue(t + 10, kRequestSkb, length)
      .rx(t + 20, kRequestSkb)
      .receive(t + 30, kRequestSkb)
      .exit(t + 40, 64);
  log.in(kServerTid).recv(t + 100, kServerFd).exit(t + 110, 64);
  log.send(t + 120, kServerFd, 64)
      .queue(t + 130, kResponseSkb, length)
      .rx(t + 140, kResponseSkb)
      .receive(t + 150, kResponseSkb)
      .exit(t + 160, 64);
  log.in(kClientTid).recv(t + 200, kClientFd).exit(t + 210, 64);
}

class OfProtocol : public ::testing::TestWithParam<Protocol> {};

TEST_P(OfProtocol, StagesAreThoseOfTheEventsOfSockets) {
  const EventLog log = without_sockets(ping_pong(GetParam(), 3));
  ASSERT_THAT(analyse(log).protocols, IsEmpty()) << "without help nothing is found";
  const ProtocolTrace trace = trace_of(analyse_inferred(log), GetParam());
  EXPECT_THAT(lines_of(trace.summary.stages), ElementsAreArray(stages_of_a_ping_pong()));
  EXPECT_EQ(trace.summary.rtt.count(), 3U);
  EXPECT_EQ(trace.summary.matched, 6U);
}

TEST_P(OfProtocol, MessagesOfBeforeTheFirstWakeUpAreFollowedToo) {
  EventLog log;
  add_awake_round_trip(log, 100, GetParam());
  log.in(kServerTid).recv(900, kServerFd);
  add_round_trip(log, {.start_ns = 1000, .protocol = GetParam()});
  const TraceResult result = analyse_inferred(without_sockets(log));
  const ProtocolTrace trace = trace_of(result, GetParam());
  EXPECT_EQ(trace.summary.rtt.count(), 2U);
  EXPECT_EQ(trace.summary.rtt.min(), 210U) << "the one that nobody slept in";
  EXPECT_EQ(trace.summary.matched, 4U);
  EXPECT_EQ(result.quality.unmatched_messages, 0U);
}

INSTANTIATE_TEST_SUITE_P(Both, OfProtocol, ::testing::Values(Protocol::kTcp, Protocol::kUdp),
                         [](const auto& one) { return one.param == Protocol::kTcp ? "Tcp" : "Udp"; });

TEST(InferredSockets, ADescriptorMayBeOfOneProtocolAndThenOfTheOther) {
  EventLog log = ping_pong(Protocol::kTcp, 2);
  log.in(kServerTid).exit(30'000, -4).recv(30'100, kServerFd);
  add_round_trip(log, {.start_ns = 40'000, .protocol = Protocol::kUdp});
  add_round_trip(log, {.start_ns = 50'000, .protocol = Protocol::kUdp});
  const TraceResult result = analyse_inferred(without_sockets(log));
  EXPECT_EQ(trace_of(result, Protocol::kTcp).summary.rtt.count(), 2U);
  EXPECT_EQ(trace_of(result, Protocol::kUdp).summary.rtt.count(), 2U);
}

TEST(InferredSockets, AThreadThatWaitsOtherwiseReceivesNext) {
  EventLog log;
  log.in(kServerTid).other_call(900);  // epoll_wait, say
  log.in(kClientTid).send(1000, kClientFd, 64).queue(1010, kRequestSkb, 106).receive(1020, kRequestSkb);
  log.waking(1030, kServerTid).exit(1040, 64);
  log.in(kServerTid).exit(1100, 1).recv(1110, kServerFd).exit(1120, 64);
  const auto inferred = inferred_in(log);
  ASSERT_THAT(inferred, SizeIs(3));
  const auto& arrival = std::get<TcpProbe>(inferred[0].body);
  const auto& sent = std::get<SockLength>(inferred[1].body);
  const auto& received = std::get<SockLength>(inferred[2].body);
  EXPECT_EQ(inferred[0].time_ns, 1020U);
  EXPECT_EQ(arrival.skbaddr, kRequestSkb);
  EXPECT_EQ(arrival.skaddr, received.sk);
  EXPECT_NE(sent.sk, received.sk);
  EXPECT_TRUE(sent.is_send);
  EXPECT_FALSE(received.is_send);
  EXPECT_EQ(received.protocol, Protocol::kUdp);
  EXPECT_EQ(inferred[2].time_ns, 1120U);
}

TEST(InferredSockets, AStrayWakeUpDoesNotMakeAPeer) {
  EventLog log = ping_pong(Protocol::kTcp, 3);
  // The last time, a timer goes off between a packet and whom it is for.
  log.in(300).recv(500, 9);
  EventLog stray;
  stray.in(kClientTid).waking(21'610, 300);
  const EventLog merged = without_sockets(log).with(stray);
  const ProtocolTrace trace = trace_of(analyse_inferred(merged), Protocol::kTcp);
  EXPECT_EQ(trace.summary.rtt.count(), 3U);
}

TEST(InferredSockets, WhatIsNoSocketIsNotTold) {
  EventLog log = ping_pong(Protocol::kTcp, 1);
  log.in(kServerTid).exit(8000, -4).recv(8010, 0).exit(8020, 10);  // standard input
  log.send(8030, 1, 10).exit(8040, 10);                            // and output
  const auto inferred = inferred_in(without_sockets(log));
  EXPECT_THAT(inferred, SizeIs(6)) << "two arrivals, two sends, two receives";
}

TEST(InferredSockets, SegmentsInAnswerWithinTheCallAreNotTheCallers) {
  EventLog log;
  log.in(kServerTid).recv(900, kServerFd);
  log.in(kClientTid)
      .send(1000, kClientFd, 64)
      .queue(1010, kRequestSkb, 130)
      .receive(1020, kRequestSkb)
      .waking(1030, kServerTid)
      .queue(1040, kResponseSkb, 66)  // the server's acknowledgement
      .receive(1050, kResponseSkb)
      .waking(1060, 300)
      .exit(1100, 64);
  log.in(kServerTid).exit(1200, 64);
  const auto inferred = inferred_in(log);
  ASSERT_THAT(inferred, SizeIs(3));
  EXPECT_EQ(std::get<TcpProbe>(inferred[0].body).skbaddr, kRequestSkb);
}

TEST(InferredSockets, AreNeededWhereMessagesCanBeFollowedAndNothingIsSaidOfSockets) {
  const std::vector<std::string> lttng{"syscalls:sys_enter_sendto", "net:net_dev_queue", "net:netif_rx",
                                       "net:netif_receive_skb", "sched:sched_waking"};
  EXPECT_TRUE(InferredSockets::are_needed(catalog_of(lttng)));
  for (const char* const one : {"sock:sock_send_length", "sock:sock_recv_length"}) {
    auto with = lttng;
    with.emplace_back(one);
    EXPECT_FALSE(InferredSockets::are_needed(catalog_of(with))) << one;
  }
  for (const std::string& name : lttng) {
    auto fewer = lttng;
    std::erase(fewer, name);
    EXPECT_FALSE(InferredSockets::are_needed(catalog_of(fewer))) << name;
  }
}

}  // namespace
}  // namespace sockscope

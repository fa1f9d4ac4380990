#include "analysis/laws.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>

namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Ten round trips of one protocol, of which everything is as it should be.
VariantSummary good_summary(Protocol protocol = Protocol::kTcp) {
  VariantSummary summary;
  summary.variant = variant_of(protocol);
  TracedSummary& traced = summary.traced.emplace();
  traced.messages = 20;
  traced.matched = 20;
  for (int i = 0; i < 10; ++i) {
    traced.rtt.record(9'000);
    traced.period.record(10'000);
    traced.workload_rtt.record(10'000);
  }
  traced.client.traced = {.voluntary = 9, .involuntary = 1};
  traced.client.getrusage = traced.client.traced;
  traced.server.traced = {.voluntary = 10, .involuntary = 0};
  traced.server.getrusage = traced.server.traced;
  return summary;
}

constexpr PacketCounts kGoodPackets{.queued = 20, .transmitted = 20, .rx = 20, .received = 20};

std::vector<Law> laws_of(const VariantSummary& summary, const Evidence& evidence = {.packets = kGoodPackets}) {
  return check_laws(summary, evidence);
}

Measurements counted(std::initializer_list<std::pair<const char*, std::uint64_t>> counts) {
  Measurements measured;
  for (const auto& [name, count] : counts) measured.add_count(name, count);
  return measured;
}

Law find(const std::vector<Law>& laws, std::string_view part) {
  const auto found = std::ranges::find_if(laws, [&](const Law& law) { return law.name.contains(part); });
  return found == laws.end() ? Law{.name = "none", .detail = "no such law"} : *found;
}

// Of a recording of the scheduler alone, say.
TEST(CheckLaws, AreNotCheckedOnWhatWasNotRecorded) {
  VariantSummary threads = good_summary(Protocol::kUdp);
  threads.traced->is_followed = false;
  EXPECT_THAT(laws_of(threads, {.packets = std::nullopt, .recorded = {.messages = false}}),
              ElementsAre(Field(&Law::name, "udp: context switches of the client, trace = getrusage"),
                          Field(&Law::name, "udp: context switches of the server, trace = getrusage")));
  const VariantSummary all = good_summary(Protocol::kUdp);
  const auto names = [&all](const RecordedEvents& recorded) {
    std::string text;
    for (const Law& law : laws_of(all, {.packets = kGoodPackets, .recorded = recorded})) text += law.name + "\n";
    return text;
  };
  EXPECT_THAT(names({}), AllOf(HasSubstr("context switches"), HasSubstr("datagrams sent = received + dropped")));
  EXPECT_THAT(names({.switches = false}), Not(HasSubstr("context switches")));
  EXPECT_THAT(names({.udp_drops = false}), Not(HasSubstr("datagrams")));
}

TEST(CheckLaws, KnowsNoStationsOfFragmentsThatNatPutsTogether) {
  const VariantSummary summary = good_summary(Protocol::kUdp);
  PacketCounts packets = kGoodPackets;
  const auto law_over = [&](Topology topology) {
    return find(laws_of(summary, {.packets = packets, .topology = topology}), "skbs at the stations of").name;
  };
  EXPECT_EQ(law_over(Topology::kBridgeNat), "udp: skbs at the stations of bridge-nat = packets sent x stations");
  packets.fragments = 1;
  EXPECT_EQ(law_over(Topology::kBridgeNat), "none");
  EXPECT_EQ(law_over(Topology::kBridge), "udp: skbs at the stations of bridge = packets sent x stations");
}

TEST(CheckLaws, ChecksEveryLawOfTcpAndNamesIt) {
  EXPECT_THAT(laws_of(good_summary()),
              ElementsAre(Field(&Law::name, "tcp: skbs queued = transmitted = received"),
                          Field(&Law::name, "tcp: messages sent = messages followed"),
                          Field(&Law::name, "tcp: stages add up to the round trip"),
                          Field(&Law::name, "tcp: trace = workload's clock"),
                          Field(&Law::name, "tcp: context switches of the client, trace = getrusage"),
                          Field(&Law::name, "tcp: context switches of the server, trace = getrusage")));
}

TEST(CheckLaws, ChecksOneMoreOfUdp) {
  const auto laws = laws_of(good_summary(Protocol::kUdp));
  EXPECT_EQ(laws.size(), 7U);
  EXPECT_EQ(laws.back().name, "udp: datagrams sent = received + dropped");
  EXPECT_THAT(laws, Each(Field(&Law::variant, "udp")));
}

TEST(CheckLaws, FindsThatAllHoldWhenNothingIsWrong) {
  EXPECT_THAT(laws_of(good_summary()), Each(Field(&Law::holds, true)));
  EXPECT_THAT(laws_of(good_summary(Protocol::kUdp)), Each(Field(&Law::holds, true)));
}

TEST(CheckLaws, SaysWhichFiguresEachOneVouchesFor) {
  EXPECT_THAT(laws_of(good_summary(Protocol::kUdp)),
              ElementsAre(Field(&Law::concerns, Figures::kCounts), Field(&Law::concerns, Figures::kStages),
                          Field(&Law::concerns, Figures::kStages), Field(&Law::concerns, Figures::kRoundTripTimes),
                          Field(&Law::concerns, Figures::kThreads), Field(&Law::concerns, Figures::kThreads),
                          Field(&Law::concerns, Figures::kCounts)));
}

TEST(CheckLaws, HasNothingToCheckWithoutATrace) {
  VariantSummary untraced = good_summary();
  untraced.traced.reset();
  EXPECT_THAT(laws_of(untraced), IsEmpty());
}

TEST(CheckLaws, LeavesOutWhatAForeignRecordingCannotTell) {
  VariantSummary foreign = good_summary();
  foreign.traced->workload_rtt = {};
  foreign.traced->client.getrusage.reset();
  foreign.traced->server.getrusage.reset();
  EXPECT_THAT(laws_of(foreign, {}), ElementsAre(Field(&Law::name, "tcp: messages sent = messages followed"),
                                                Field(&Law::name, "tcp: stages add up to the round trip")));
}

TEST(MessagesLaw, HoldsTo999OfAThousandAndFailsBelow) {
  VariantSummary summary = good_summary();
  summary.traced->messages = 10'000;
  summary.traced->matched = 9'990;
  const Law at_the_limit = find(laws_of(summary), "messages followed");
  EXPECT_TRUE(at_the_limit.holds);
  EXPECT_EQ(at_the_limit.detail, "10000 sent, 9990 followed");
  summary.traced->matched = 9'989;
  const Law below = find(laws_of(summary), "messages followed");
  EXPECT_FALSE(below.holds);
  EXPECT_EQ(below.detail, "10000 sent, 9989 followed");
}

TEST(StagesLaw, FailsWithOneUnsoundRoundTrip) {
  const Law sound = find(laws_of(good_summary(), {.unsound = 0}), "stages");
  EXPECT_TRUE(sound.holds);
  EXPECT_EQ(sound.detail, "10 of 10 exactly, none negative");
  const Law unsound = find(laws_of(good_summary(), {.unsound = 1}), "stages");
  EXPECT_FALSE(unsound.holds);
}

/// The clock law when the workload's clock says 100,000 ns and the trace this.
Law clock_law_for(std::uint64_t period_ns) {
  VariantSummary summary = good_summary();
  summary.traced->period = {};
  summary.traced->period.record(period_ns);
  summary.traced->workload_rtt = {};
  summary.traced->workload_rtt.record(100'000);
  return find(laws_of(summary), "clock");
}

TEST(ClockLaw, HoldsToThreePercentEitherWayAndFailsBeyond) {
  EXPECT_TRUE(clock_law_for(100'000).holds);
  EXPECT_TRUE(clock_law_for(103'000).holds);
  EXPECT_FALSE(clock_law_for(103'001).holds);
  EXPECT_TRUE(clock_law_for(97'000).holds);
  EXPECT_FALSE(clock_law_for(96'999).holds);
}

TEST(ClockLaw, ShowsBothClocksAndTheTimeInTheKernel) {
  EXPECT_EQ(clock_law_for(102'000).detail,
            "request to request, p50: trace 102.00 us, workload 100.00 us (+2.0 %); in the kernel 9.00 us of it");
}

TEST(ClockLaw, FailsWhenTheTraceHasNoRoundTrip) {
  VariantSummary summary = good_summary();
  summary.traced->period = {};
  EXPECT_FALSE(find(laws_of(summary), "clock").holds);
}

/// The law of the client's switches when getrusage counts these.
Law switches_law_for(SwitchCounts traced, SwitchCounts usage) {
  VariantSummary summary = good_summary();
  summary.traced->client.traced = traced;
  summary.traced->client.getrusage = usage;
  return find(laws_of(summary), "of the client");
}

TEST(SwitchesLaw, HoldsToOnePercentOfEitherKindAndFailsBeyond) {
  EXPECT_TRUE(switches_law_for({.voluntary = 1000, .involuntary = 500}, {.voluntary = 990, .involuntary = 495}).holds);
  EXPECT_FALSE(switches_law_for({.voluntary = 1000, .involuntary = 500}, {.voluntary = 989, .involuntary = 500}).holds);
  EXPECT_FALSE(
      switches_law_for({.voluntary = 1000, .involuntary = 500}, {.voluntary = 1000, .involuntary = 494}).holds);
}

TEST(SwitchesLaw, FailsWhenOneKindIsTakenForTheOtherThoughTheSumIsRight) {
  EXPECT_FALSE(
      switches_law_for({.voluntary = 1000, .involuntary = 500}, {.voluntary = 500, .involuntary = 1000}).holds);
}

TEST(SwitchesLaw, ShowsBothCounts) {
  EXPECT_EQ(switches_law_for({.voluntary = 1000, .involuntary = 5}, {.voluntary = 999, .involuntary = 6}).detail,
            "voluntary 1000 = 999, involuntary 5 = 6");
}

TEST(SwitchesLaw, IsCheckedOfEachEndByItself) {
  VariantSummary summary = good_summary();
  summary.traced->server.getrusage = SwitchCounts{.voluntary = 100, .involuntary = 0};
  EXPECT_TRUE(find(laws_of(summary), "of the client").holds);
  EXPECT_FALSE(find(laws_of(summary), "of the server").holds);
}

TEST(DatagramsLaw, HoldsWhenEveryDatagramIsAccountedFor) {
  VariantSummary summary = good_summary(Protocol::kUdp);
  EXPECT_EQ(find(laws_of(summary), "datagrams").detail, "20 sent, 20 received, 0 dropped");
  summary.traced->matched = 17;
  EXPECT_FALSE(find(laws_of(summary), "datagrams").holds);
  const Law dropped = find(laws_of(summary, {.udp_drops = 3}), "datagrams");
  EXPECT_TRUE(dropped.holds);
  EXPECT_EQ(dropped.detail, "20 sent, 17 received, 3 dropped");
  EXPECT_FALSE(find(laws_of(summary, {.udp_drops = 4}), "datagrams").holds);
}

TEST(CheckPackets, HoldsWhenEveryStationSawThemAll) {
  const Law law = check_packets("tcp", kGoodPackets);
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.detail, "net_dev_queue 20, net_dev_xmit 20, netif_rx 20, netif_receive_skb 20");
}

TEST(CheckPackets, NamesNoVariantWhenItIsOfAWholeRecording) {
  const Law law = check_packets("", kGoodPackets);
  EXPECT_EQ(law.name, "skbs queued = transmitted = received");
  EXPECT_EQ(law.variant, "");
}

TEST(CheckPackets, FailsWhenAnyStationSawOneLess) {
  for (auto PacketCounts::* const station : {&PacketCounts::transmitted, &PacketCounts::rx, &PacketCounts::received}) {
    PacketCounts packets = kGoodPackets;
    packets.*station -= 1;
    EXPECT_FALSE(check_packets("tcp", packets).holds);
  }
}

TEST(CheckPackets, FailsWhenMoreWereTransmittedThanQueued) {
  PacketCounts packets = kGoodPackets;
  packets.transmitted += 1;
  EXPECT_FALSE(check_packets("tcp", packets).holds);
}

TEST(CheckPackets, AllowsForThoseInFlightAtTheEnd) {
  // Two were on their way, one of them transmitted already.
  const PacketCounts packets{.queued = 20, .transmitted = 19, .rx = 18, .received = 18, .in_flight = 2};
  const Law law = check_packets("tcp", packets);
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.detail, "net_dev_queue 20, net_dev_xmit 19, netif_rx 18, netif_receive_skb 18, in flight at the end 2");
  PacketCounts too_few = packets;
  too_few.transmitted = 17;
  EXPECT_FALSE(check_packets("tcp", too_few).holds);
}

TEST(CheckPackets, SaysWhichStationWasNotRecorded) {
  PacketCounts packets = kGoodPackets;
  packets.transmitted = 0;
  const Law law = check_packets("tcp", packets, {.transmits = false});
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.detail, "net_dev_queue 20, net_dev_xmit not recorded, netif_rx 20, netif_receive_skb 20");
  packets.rx -= 1;
  EXPECT_FALSE(check_packets("tcp", packets, {.transmits = false}).holds) << "the others are held to it";
}

TEST(CheckPackets, MentionsOtherProgramsPacketsAndDoesNotCountThem) {
  PacketCounts packets = kGoodPackets;
  packets.unannounced = 5;
  const Law law = check_packets("tcp", packets);
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.detail, "net_dev_queue 20, net_dev_xmit 20, netif_rx 20, netif_receive_skb 20, of other programs 5");
}

TEST(AgreeWithinOnePercent, AllowsTwoHoweverSmallTheCounts) {
  EXPECT_TRUE(agree_within_one_percent(0, 0));
  EXPECT_TRUE(agree_within_one_percent(0, 2));
  EXPECT_FALSE(agree_within_one_percent(0, 3));
  EXPECT_TRUE(agree_within_one_percent(100, 102));
  EXPECT_FALSE(agree_within_one_percent(103, 100));
}

TEST(AgreeWithinOnePercent, AllowsAHundredthOfTheLargerCount) {
  EXPECT_TRUE(agree_within_one_percent(1000, 990));
  EXPECT_TRUE(agree_within_one_percent(990, 1000));
  EXPECT_FALSE(agree_within_one_percent(1000, 989));
  EXPECT_FALSE(agree_within_one_percent(989, 1000));
}

TEST(AgreeWithinOnePercent, DoesNotOverflow) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  EXPECT_TRUE(agree_within_one_percent(most, most));
  EXPECT_FALSE(agree_within_one_percent(0, most));
  EXPECT_FALSE(agree_within_one_percent(most, 0));
}

TEST(Evidence, AddsUp) {
  Evidence sum;
  sum += {.packets = kGoodPackets, .unsound = 1, .udp_drops = 2, .measured = counted({{"bytes_sent", 3}})};
  sum += {.packets = {}, .measured = counted({{"bytes_sent", 4}})};
  sum += {.packets = PacketCounts{.queued = 1, .unannounced = 4, .in_flight = 1}, .unsound = 3, .udp_drops = 4};
  sum += {.packets = {}, .unsound = 5, .udp_drops = 6};
  ASSERT_TRUE(sum.packets);
  EXPECT_EQ(sum.packets->queued, 21U);
  EXPECT_EQ(sum.packets->transmitted, 20U);
  EXPECT_EQ(sum.packets->rx, 20U);
  EXPECT_EQ(sum.packets->received, 20U);
  EXPECT_EQ(sum.packets->unannounced, 4U);
  EXPECT_EQ(sum.packets->in_flight, 1U);
  EXPECT_EQ(sum.unsound, 9U);
  EXPECT_EQ(sum.udp_drops, 12U);
  EXPECT_EQ(sum.measured.count("bytes_sent"), 7U);
}

TEST(Evidence, HasNoPacketsWhenNobodysWereCounted) {
  Evidence sum;
  sum += {.packets = {}, .unsound = 1};
  EXPECT_EQ(sum.packets, std::nullopt);
}

TEST(CheckLaws, AddsUpTheMessagesWhereNoneHasAnAnswer) {
  VariantSummary summary = good_summary();
  summary.traced->rtt = Histogram();
  summary.traced->stages = {{.direction = Direction::kRequest, .stage = Stage::kSend}};
  for (int i = 0; i < 3; ++i) summary.traced->request_one_way.record(4'000);
  const Law law = find(laws_of(summary, {.packets = kGoodPackets, .unsound = 1}), "stages");
  EXPECT_EQ(law.name, "tcp: stages add up to the one-way time");
  EXPECT_FALSE(law.holds);
  EXPECT_EQ(law.detail, "3 of 4 exactly, none negative");
}

/// A one-way run of 20 messages of 64 bytes, whose sockets were followed.
VariantSummary followed_summary(Protocol protocol) {
  VariantSummary summary = good_summary(protocol);
  summary.traced->is_followed = false;
  summary.traced->session = SessionTotals{.skbs = 40, .data_skbs = 20, .data_skb_bytes = 20 * (64 + 66)};
  return summary;
}

TEST(CheckLaws, OfSocketsThatAreFollowedHasLawsOfItsOwn) {
  const Evidence evidence{.packets = std::nullopt, .measured = counted({{"bytes_sent", 1280}, {"retransmits", 0}})};
  EXPECT_THAT(laws_of(followed_summary(Protocol::kTcp), evidence),
              ElementsAre(Field(&Law::name, "tcp: context switches of the client, trace = getrusage"),
                          Field(&Law::name, "tcp: context switches of the server, trace = getrusage"),
                          Field(&Law::name, "tcp: bytes in packets = headers + bytes sent")));
}

TEST(BytesLaw, HoldsToTheByte) {
  VariantSummary summary = followed_summary(Protocol::kTcp);
  Evidence evidence{.packets = std::nullopt, .measured = counted({{"bytes_sent", 1280}, {"retransmits", 0}})};
  const Law law = find(laws_of(summary, evidence), "bytes");
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.concerns, Figures::kCounts);
  EXPECT_EQ(law.detail, "2600 in 20 packets, 1280 sent, headers of 66");
  ++summary.traced->session->data_skb_bytes;
  EXPECT_FALSE(find(laws_of(summary, evidence), "bytes").holds);
}

// 53 bytes are too few for Ethernet, IPv4 and TCP, and 115 too many.
TEST(BytesLaw, FailsWhereHeadersWouldBeNone) {
  VariantSummary summary = followed_summary(Protocol::kTcp);
  const Evidence evidence{.packets = std::nullopt, .measured = counted({{"bytes_sent", 1280}, {"retransmits", 0}})};
  for (const auto& [header, holds] : {std::pair{53, false}, {54, true}, {114, true}, {115, false}}) {
    summary.traced->session->data_skb_bytes = 20 * static_cast<std::uint64_t>(64 + header);
    EXPECT_EQ(find(laws_of(summary, evidence), "bytes").holds, holds) << header;
  }
  summary.traced->session = SessionTotals{};
  EXPECT_FALSE(find(laws_of(summary, evidence), "bytes").holds);
}

TEST(BytesLaw, IsNoneWhereSegmentsWereSentTwice) {
  const Evidence evidence{.packets = std::nullopt, .measured = counted({{"bytes_sent", 1280}, {"retransmits", 1}})};
  EXPECT_EQ(find(laws_of(followed_summary(Protocol::kTcp), evidence), "bytes").name, "none");
}

TEST(DropsLaw, HoldsIfTraceAndSocketCountTheSame) {
  VariantSummary summary = followed_summary(Protocol::kUdp);
  Evidence evidence{.packets = std::nullopt, .measured = counted({{"dropped_by_the_socket", 7}, {"rcvbuf_errors", 9}})};
  summary.traced->session->receive_queue_drops = 7;
  summary.traced->session->drops = {{"NO_SOCKET", 3}, {"SOCKET_RCVBUFF", 7}};
  const Law law = find(laws_of(summary, evidence), "dropped, trace");
  EXPECT_TRUE(law.holds);
  EXPECT_EQ(law.name, "udp: datagrams dropped, trace = socket");
  EXPECT_EQ(law.detail, "udp_fail_queue_rcv_skb 7, kfree_skb 7, SO_MEMINFO 7, RcvbufErrors 9");
  summary.traced->session->drops["SOCKET_RCVBUFF"] = 6;
  EXPECT_FALSE(find(laws_of(summary, evidence), "dropped, trace").holds);
  summary.traced->session->drops["SOCKET_RCVBUFF"] = 7;
  summary.traced->session->receive_queue_drops = 8;
  EXPECT_FALSE(find(laws_of(summary, evidence), "dropped, trace").holds);
}

// A kernel before 5.17 says no reasons.
TEST(DropsLaw, DoesWithoutReasons) {
  VariantSummary summary = followed_summary(Protocol::kUdp);
  Evidence evidence{.packets = std::nullopt, .measured = counted({{"dropped_by_the_socket", 7}})};
  summary.traced->session->receive_queue_drops = 7;
  summary.traced->session->drops = {{"NOT_SPECIFIED", 7}};
  EXPECT_TRUE(find(laws_of(summary, evidence), "dropped, trace").holds);
}

TEST(CheckOwners, HoldsIfEverySkbIsASockets) {
  VariantSummary summary = good_summary();
  summary.traced->session = SessionTotals{.skbs = 8};
  const Law good = check_owners({summary}, 0);
  EXPECT_TRUE(good.holds);
  EXPECT_EQ(good.concerns, Figures::kCounts);
  EXPECT_EQ(good.detail, "8 queued or received, 8 of a TCP or UDP socket");
  const Law bad = check_owners({summary}, 2);
  EXPECT_FALSE(bad.holds);
  EXPECT_EQ(bad.detail, "10 queued or received, 8 of a TCP or UDP socket");
}

}  // namespace
}  // namespace sockscope

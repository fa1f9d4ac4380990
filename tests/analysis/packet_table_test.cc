#include "analysis/packet_table.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

constexpr std::uint64_t kSkb = 0xffff888012345ae0;
constexpr std::uint64_t kOther = 0xffff888012345ce0;

TEST(PacketTable, FollowsAPacketThroughItsStations) {
  PacketTable packets;
  packets.queue(kSkb, 100, 130);
  packets.rx(kSkb, 110);
  packets.transmit();
  const Packet* packet = packets.receive(kSkb, 120);
  ASSERT_NE(packet, nullptr);
  EXPECT_EQ(packet->queue_ns, 100U);
  EXPECT_EQ(packet->rx_ns, 110U);
  EXPECT_EQ(packet->receive_ns, 120U);
  EXPECT_EQ(packet->len, 130U);
  EXPECT_EQ(packet, packets.find(kSkb));
}

TEST(PacketTable, CountsEachStation) {
  PacketTable packets;
  packets.queue(kSkb, 100, 130);
  packets.rx(kSkb, 110);
  packets.transmit();
  packets.receive(kSkb, 120);
  packets.queue(kOther, 200, 130);
  packets.rx(kOther, 210);
  packets.transmit();
  const PacketCounts counts = packets.counts();
  EXPECT_EQ(counts.queued, 2U);
  EXPECT_EQ(counts.transmitted, 2U);
  EXPECT_EQ(counts.rx, 2U);
  EXPECT_EQ(counts.received, 1U);
  EXPECT_EQ(counts.in_flight, 1U);
  EXPECT_EQ(counts.unannounced, 0U);
}

TEST(PacketTable, BeginsANewLifeWhenAnAddressIsUsedAgain) {
  PacketTable packets;
  Packet& first = packets.queue(kSkb, 100, 130);
  first.sender = 3;
  first.message = 7;
  packets.rx(kSkb, 110);
  packets.receive(kSkb, 120);
  packets.queue(kSkb, 200, 94);
  const Packet* again = packets.find(kSkb);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->queue_ns, 200U);
  EXPECT_EQ(again->rx_ns, 0U);
  EXPECT_EQ(again->receive_ns, 0U);
  EXPECT_EQ(again->len, 94U);
  EXPECT_EQ(again->sender, Packet::kNobody);
  EXPECT_EQ(again->message, 0U);
  EXPECT_EQ(packets.counts().in_flight, 1U);
}

TEST(PacketTable, ShowsAPacketThatVanishedAsALackOfReceived) {
  PacketTable packets;
  packets.queue(kSkb, 100, 130);  // Never seen again.
  packets.queue(kSkb, 200, 130);
  packets.rx(kSkb, 210);
  packets.receive(kSkb, 220);
  EXPECT_EQ(packets.counts().queued, 2U);
  EXPECT_EQ(packets.counts().received, 1U);
  EXPECT_EQ(packets.counts().in_flight, 0U);
}

TEST(PacketTable, CountsAPacketWhoseQueueingWasNotSeenAsAnothers) {
  PacketTable packets;
  packets.queue(kSkb, 100, 130);
  EXPECT_EQ(packets.receive(kOther, 120), nullptr);
  EXPECT_EQ(packets.counts().unannounced, 1U);
  EXPECT_EQ(packets.counts().received, 0U);
}

TEST(PacketTable, TakesASecondReceiveOfTheSameLifeForAnothersPacket) {
  PacketTable packets;
  packets.queue(kSkb, 100, 130);
  ASSERT_NE(packets.receive(kSkb, 120), nullptr);
  EXPECT_EQ(packets.receive(kSkb, 130), nullptr);
  EXPECT_EQ(packets.find(kSkb)->receive_ns, 120U);
  EXPECT_EQ(packets.counts().received, 1U);
  EXPECT_EQ(packets.counts().unannounced, 1U);
}

TEST(PacketTable, DoesNotCountTheRxOfAnothersPacket) {
  PacketTable packets;
  packets.rx(kOther, 90);
  packets.queue(kSkb, 100, 130);
  packets.rx(kSkb, 110);
  packets.rx(kSkb, 115);
  EXPECT_EQ(packets.counts().rx, 1U);
  EXPECT_EQ(packets.find(kSkb)->rx_ns, 110U);
}

TEST(PacketTable, DoesNotCountATransmissionFromBeforeTheRecording) {
  PacketTable packets;
  packets.transmit();
  EXPECT_EQ(packets.counts().transmitted, 0U);
  packets.queue(kSkb, 100, 130);
  packets.transmit();
  EXPECT_EQ(packets.counts().transmitted, 1U);
}

TEST(PacketTable, DoesNotKnowAnAddressThatWasNeverQueued) {
  PacketTable packets;
  EXPECT_EQ(packets.find(kSkb), nullptr);
  EXPECT_EQ(packets.find(0), nullptr);
}

}  // namespace
}  // namespace sockscope

#include "analysis/packet_owners.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

constexpr std::uint64_t kSkb = 0xa0;
constexpr std::uint64_t kOtherSkb = 0xb0;

TEST(PacketOwners, CountByProtocolAndEachSoftirqOnce) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  packets.queued(kSkb, {.owner = Owner::kTcp});
  packets.received(kSkb, delivery);
  EXPECT_EQ(delivery.owner, Owner::kTcp);
  packets.queued(kOtherSkb, {.owner = delivery.owner});
  packets.received(kOtherSkb, delivery);
  packets.queued(kSkb, {.owner = Owner::kUdp});
  PacketOwners::Delivery next;
  packets.received(kSkb, next);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 2U);
  EXPECT_EQ(packets.softirqs(Protocol::kTcp), 1U);
  EXPECT_EQ(packets.skbs(Protocol::kUdp), 1U);
  EXPECT_EQ(packets.softirqs(Protocol::kUdp), 1U);
}

TEST(PacketOwners, OfOtherProgramsCountForNobody) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  packets.queued(kSkb, {.owner = Owner::kOthers});
  packets.received(kSkb, delivery);
  packets.received(0xdead, delivery);
  EXPECT_EQ(delivery.owner, Owner::kOthers);
  EXPECT_EQ(packets.skbs(Protocol::kTcp) + packets.skbs(Protocol::kUdp) + packets.skbs_of_nobody(), 0U);
  EXPECT_EQ(packets.softirqs(Protocol::kTcp) + packets.softirqs(Protocol::kUdp), 0U);
}

TEST(PacketOwners, AreKnownByTheSocketTheyArriveAtWhateverWasConcludedBefore) {
  for (const Owner guess : {Owner::kOthers, Owner::kNobody, Owner::kUdp}) {
    PacketOwners packets;
    PacketOwners::Delivery delivery;
    packets.queued(kSkb, {.owner = guess});
    packets.received(kSkb, delivery);
    packets.arrived(kSkb, Protocol::kTcp, delivery);
    packets.arrived(kSkb, Protocol::kTcp, delivery);
    EXPECT_EQ(delivery.owner, Owner::kTcp);
    EXPECT_EQ(packets.skbs(Protocol::kTcp), 1U);
    EXPECT_EQ(packets.softirqs(Protocol::kTcp), 1U);
    EXPECT_EQ(packets.skbs(Protocol::kUdp), 0U);
    EXPECT_EQ(packets.skbs_of_nobody(), 0U);
  }
}

// It met a socket in use, and is processed by the socket's owner when that has time.
TEST(PacketOwners, AreKnownLaterInAnotherThreadWithoutItsSoftirq) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  PacketOwners::Delivery elsewhere;
  packets.queued(kSkb, {.owner = Owner::kNobody});
  EXPECT_EQ(packets.skbs_of_nobody(), 1U);
  packets.received(kSkb, delivery);
  packets.arrived(kSkb, Protocol::kTcp, elsewhere);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 1U);
  EXPECT_EQ(packets.softirqs(Protocol::kTcp), 0U);
  EXPECT_EQ(packets.skbs_of_nobody(), 0U);
  EXPECT_EQ(elsewhere.owner, Owner::kOthers);
}

// A part of somebody's large skb, cut up behind net_dev_queue, has the address of one of ours that is gone.
TEST(PacketOwners, OfASkbThatNobodySawQueuedAreOthers) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  PacketOwners::Delivery next;
  packets.queued(kSkb, {.owner = Owner::kUdp});
  packets.received(kSkb, delivery);
  packets.received(kSkb, next);
  EXPECT_EQ(next.owner, Owner::kOthers);
  EXPECT_EQ(packets.skbs(Protocol::kUdp), 1U);
  EXPECT_EQ(packets.softirqs(Protocol::kUdp), 1U);
}

TEST(PacketOwners, ThatCarryDataAreCountedWithTheirBytes) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  packets.queued(kSkb, {.owner = Owner::kOthers, .len = 130, .has_data = true});
  packets.queued(kOtherSkb, {.owner = Owner::kTcp, .len = 67});
  EXPECT_EQ(packets.data_skbs(Protocol::kTcp), 0U);
  packets.arrived(kSkb, Protocol::kTcp, delivery);
  packets.carries_data(kSkb);
  EXPECT_EQ(packets.data_skbs(Protocol::kTcp), 1U);
  EXPECT_EQ(packets.data_skb_bytes(Protocol::kTcp), 130U);
  packets.carries_data(kOtherSkb);
  packets.carries_data(0xdead);
  EXPECT_EQ(packets.data_skbs(Protocol::kTcp), 2U);
  EXPECT_EQ(packets.data_skb_bytes(Protocol::kTcp), 197U);
  EXPECT_EQ(packets.data_skbs(Protocol::kUdp), 0U);
}

TEST(PacketOwners, OfATimerAreTheProgramsIfOneOfThemIsInACallOnTcp) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  packets.queued(kSkb, {.owner = Owner::kTimer, .len = 1514, .has_data = true, .is_at_tcp = true});
  packets.queued(kOtherSkb, {.owner = Owner::kTimer, .len = 1514, .has_data = true});
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 1U);
  packets.received(kOtherSkb, delivery);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 1U);
  EXPECT_EQ(packets.softirqs(Protocol::kTcp), 0U);
  packets.queued(kOtherSkb, {.owner = Owner::kTimer, .len = 1514, .has_data = true});
  packets.received(kOtherSkb, delivery, true);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 2U);
  EXPECT_EQ(packets.data_skb_bytes(Protocol::kTcp), 3028U);
  EXPECT_EQ(packets.softirqs(Protocol::kTcp), 1U);
}

TEST(PacketOwners, OfATimerAreNotTheProgramsOnceTheyArriveElsewhere) {
  PacketOwners packets;
  PacketOwners::Delivery delivery;
  packets.queued(kSkb, {.owner = Owner::kTimer, .len = 1514, .has_data = true, .is_at_tcp = true});
  packets.received(kSkb, delivery, true);
  packets.disown(kSkb, delivery);
  packets.disown(kSkb, delivery);
  EXPECT_EQ(delivery.owner, Owner::kOthers);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 0U);
  EXPECT_EQ(packets.data_skbs(Protocol::kTcp), 0U);
  EXPECT_EQ(packets.data_skb_bytes(Protocol::kTcp), 0U);
  // What one of them sent stays theirs, wherever it goes.
  packets.queued(kSkb, {.owner = Owner::kTcp});
  packets.disown(kSkb, delivery);
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 1U);
}

TEST(PacketOwners, KeepTheirMemoryBounded) {
  PacketOwners packets;
  for (std::uint64_t skb = 1; skb <= 400'000; ++skb) packets.queued(skb, {.owner = Owner::kTcp});
  EXPECT_EQ(packets.skbs(Protocol::kTcp), 400'000U);
  PacketOwners::Delivery delivery;
  packets.received(1, delivery);
  EXPECT_EQ(delivery.owner, Owner::kOthers);
}

}  // namespace
}  // namespace sockscope

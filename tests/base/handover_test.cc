#include "base/handover.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace sockscope {
namespace {

using Batch = std::vector<int>;

// Passes 0, 1, 2, ... in batches of one, as long as it is let.
void produce(Handover<Batch>& handover, int count) {
  for (int i = 0; i < count; ++i) {
    Batch* const batch = handover.take_empty();
    if (batch == nullptr) return;
    *batch = {i};
    handover.pass(batch);
  }
  handover.end();
}

TEST(Handover, HandsAllBatchesOnInOrder) {
  Handover<Batch> handover(3);
  std::thread producer([&] { produce(handover, 10'000); });
  std::vector<int> taken;
  std::set<const Batch*> batches;
  while (Batch* const batch = handover.take_full()) {
    taken.push_back(batch->front());
    batches.insert(batch);
    handover.give_back(batch);
  }
  producer.join();
  ASSERT_EQ(taken.size(), 10'000U);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(taken[static_cast<std::size_t>(i)], i);
  EXPECT_LE(batches.size(), 3U);
}

TEST(Handover, AProducerWhoseConsumerHasLeftStops) {
  Handover<Batch> handover(2);
  std::thread producer([&] { produce(handover, 1'000'000'000); });
  Batch* const batch = handover.take_full();
  ASSERT_NE(batch, nullptr);
  handover.end();
  producer.join();
  EXPECT_EQ(handover.take_empty(), nullptr);
}

TEST(Handover, WhatWasPassedBeforeTheEndIsTaken) {
  Handover<Batch> handover(2);
  produce(handover, 2);
  EXPECT_EQ(handover.take_full()->front(), 0);
  EXPECT_EQ(handover.take_full()->front(), 1);
  EXPECT_EQ(handover.take_full(), nullptr);
  EXPECT_EQ(handover.take_full(), nullptr);
}

}  // namespace
}  // namespace sockscope

#include "workloads/sequence_check.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(SequenceCheck, OfAllInOrderFindsNothing) {
  SequenceCheck check;
  for (std::uint64_t i = 0; i < 10; ++i) check.on(i);
  EXPECT_EQ(check.received(), 10U);
  EXPECT_EQ(check.duplicated(), 0U);
  EXPECT_EQ(check.reordered(), 0U);
}

TEST(SequenceCheck, CountsADuplicateOnceAndNotAsReceived) {
  SequenceCheck check;
  for (const std::uint64_t number : {0U, 1U, 1U, 2U, 0U}) check.on(number);
  EXPECT_EQ(check.received(), 3U);
  EXPECT_EQ(check.duplicated(), 2U);
  EXPECT_EQ(check.reordered(), 0U) << "a duplicate is not out of order";
}

TEST(SequenceCheck, CountsWhatComesAfterAHigherNumber) {
  SequenceCheck check;
  for (const std::uint64_t number : {0U, 2U, 1U, 5U, 4U}) check.on(number);
  EXPECT_EQ(check.received(), 5U) << "3 is lost";
  EXPECT_EQ(check.reordered(), 2U);
  EXPECT_EQ(check.duplicated(), 0U);
}

TEST(SequenceCheck, ForgetsWhatLiesBeyondItsWindow) {
  SequenceCheck check;
  check.on(0);
  check.on(1);
  check.on(SequenceCheck::kWindow);  // takes the place of 0
  check.on(1);                       // still within the window
  EXPECT_EQ(check.duplicated(), 1U);
  check.on(2);  // not seen before, though its place was cleared on the way
  EXPECT_EQ(check.received(), 4U);
  EXPECT_EQ(check.reordered(), 1U);
  check.on(3 * SequenceCheck::kWindow);
  check.on(2 * SequenceCheck::kWindow - 1);  // beyond it
  EXPECT_EQ(check.reordered(), 2U);
  EXPECT_EQ(check.received(), 6U);
}

TEST(SequenceCheck, SeesNoDuplicateInAPlaceThatAGapCleared) {
  SequenceCheck check;
  for (std::uint64_t i = 0; i < 100; ++i) check.on(i);
  check.on(SequenceCheck::kWindow + 99);
  for (std::uint64_t i = 100; i < 110; ++i) check.on(i);
  EXPECT_EQ(check.duplicated(), 0U);
  EXPECT_EQ(check.received(), 111U);
}

}  // namespace
}  // namespace sockscope

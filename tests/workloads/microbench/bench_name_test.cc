#include "workloads/microbench/bench_name.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

TEST(FloorOf, IsAMessageThroughAnEventfdInTheSamePlacement) {
  EXPECT_EQ(floor_of("round_trip/tcp/64/processes"), "round_trip/eventfd/8/processes");
  EXPECT_EQ(floor_of("message/udp/65536/thread"), "message/eventfd/8/thread");
  EXPECT_EQ(floor_of("gso_16/udp/1400/thread"), "message/eventfd/8/thread");
  EXPECT_EQ(floor_of("wake_poll/udp/64/threads-one-cpu"), "round_trip/eventfd/8/threads-one-cpu");
  EXPECT_EQ(floor_of("round_trip/eventfd/8/processes"), "round_trip/eventfd/8/processes");
}

TEST(FloorOf, WithoutAPlacementIsNone) {
  EXPECT_EQ(floor_of("send/tcp/1"), std::nullopt);
  EXPECT_EQ(floor_of("BM_memcpy"), std::nullopt);
  EXPECT_EQ(floor_of("BM_memcpy/64"), std::nullopt);
  EXPECT_EQ(floor_of(""), std::nullopt);
}

}  // namespace
}  // namespace sockscope

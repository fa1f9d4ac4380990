#include "analysis/workload_laws.h"

#include <gtest/gtest.h>

namespace sockscope {
namespace {

std::vector<VariantSummary> udp_with(std::uint64_t received, std::uint64_t dropped) {
  VariantSummary udp;
  udp.variant = variant_of(Protocol::kUdp);
  Measurements& measured = udp.untraced.emplace().measured;
  measured.add_count("sent", 1'000);
  measured.add_count("markers_sent", 3);
  measured.add_count("received", received);
  measured.add_count("markers_received", 1);
  measured.add_count("dropped_by_the_socket", dropped);
  measured.add_count("rcvbuf_errors", dropped);
  return {udp};
}

TEST(WorkloadLaws, HoldWhenEveryDatagramIsAccountedFor) {
  const auto laws = check_workload_laws(udp_with(900, 102));
  ASSERT_EQ(laws.size(), 1U);
  EXPECT_TRUE(laws[0].holds) << laws[0].detail;
  EXPECT_EQ(laws[0].name, "udp: datagrams sent = received + dropped by the socket");
  EXPECT_EQ(laws[0].detail, "1003 = 901 + 102; RcvbufErrors 102");
}

TEST(WorkloadLaws, FailWhenOneIsNot) {
  EXPECT_FALSE(check_workload_laws(udp_with(900, 101))[0].holds);
  EXPECT_FALSE(check_workload_laws(udp_with(901, 102))[0].holds);
}

TEST(WorkloadLaws, AreNoneOfWorkloadsThatCountNoDrops) {
  VariantSummary echo;
  echo.untraced.emplace().rtt.record(1);
  EXPECT_TRUE(check_workload_laws({echo, VariantSummary{}}).empty());
}

}  // namespace
}  // namespace sockscope

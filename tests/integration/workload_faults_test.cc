#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <tuple>

#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"
#include "tests/integration/workloads_in_namespaces.h"

/// Workloads in a network namespace of their own, through the program: where nobody else's traffic counts, and packets
/// are lost only where a test loses them.
namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using testing::in_own_namespace;
using testing::Json;
using ::testing::Le;
using testing::MeasuredWorkload;
using testing::untraced;

// In its own namespace the identity is exact for the kernel's counters too.
TEST(OwnNamespace, LosesOverUdpWhatRcvbufErrorsCounts) {
  SKIP_WITHOUT_NAMESPACES();
  const auto finished = in_own_namespace("", "--workload stream --size 1448 --count 20000 --receive-buffer 20000");
  ASSERT_EQ(finished.status, 0) << finished.err;
  const Json counts = untraced(Json::parse(finished.out, nullptr, false), "udp").at("counts");
  EXPECT_GT(counts.at("lost").get<int>(), 0);
  // What ends the run may find the buffer full, too.
  const int lost =
      counts.at("lost").get<int>() + counts.at("markers_sent").get<int>() - counts.at("markers_received").get<int>();
  EXPECT_EQ(counts.at("rcvbuf_errors"), lost);
  EXPECT_EQ(counts.at("dropped_by_the_socket"), lost);
}

// SYN, SYN-ACK, ACK, request, its ACK, response, its ACK, FIN, FIN, ACK at most; ten or, where an ACK rides on data,
// fewer.
TEST(OwnNamespace, CountsTheSegmentsOfAScanAndOfConnections) {
  SKIP_WITHOUT_NAMESPACES();
  const auto scanned = in_own_namespace("", "--workload scan --ports 40");
  ASSERT_EQ(scanned.status, 0) << scanned.err;
  const Json scan = Json::parse(scanned.out, nullptr, false);
  EXPECT_EQ(untraced(scan, "tcp").at("counts").at("resets"), 20) << "one for each closed port";
  EXPECT_EQ(untraced(scan, "udp").at("counts").at("icmp_unreachables"), 20);
  EXPECT_EQ(untraced(scan, "udp").at("counts").at("namespace_packets"), 20 * 3 + 20 * 2);
  // Open: SYN, SYN-ACK, ACK, FIN, and, if they are in time for the last look, its ACK and the other end's FIN and ACK;
  // closed: SYN and RST.
  EXPECT_THAT(untraced(scan, "tcp").at("counts").at("namespace_segments").get<int>(),
              AllOf(Ge(20 * 4 + 20 * 2), Le(20 * 7 + 20 * 2)));
}

TEST(OwnNamespace, WhoseLoopbackIsDownEndsInASentence) {
  SKIP_WITHOUT_NAMESPACES();
  const auto finished = in_own_namespace("ip link set lo down &&", "--quick --timeout 100");
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, HasSubstr("on 127.0.0.1: "));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
}

/// Which datagrams nftables drops, in its words: of how many in a row.
struct Loss {
  const char* name;
  const char* dropped;
};

class LossOverUdp : public ::testing::TestWithParam<std::tuple<MeasuredWorkload, Loss>> {};

INSTANTIATE_TEST_SUITE_P(Of, LossOverUdp,
                         ::testing::Combine(::testing::ValuesIn(testing::kMeasuredWorkloads),
                                            ::testing::Values(Loss{"TheFirst", "inc mod 1000000 < 1"},
                                                              Loss{"TheFirstFive", "inc mod 1000000 < 5"},
                                                              Loss{"OneInThree", "random mod 3 0"},
                                                              Loss{"EveryTenth", "inc mod 10 0"})),
                         [](const auto& test) {
                           return fmt::format("{}Without{}", std::get<0>(test.param).name,
                                              std::get<1>(test.param).name);
                         });

// The first datagrams and the last ones tell the server that the client is there, that it has warmed up and that the
// run is over.
TEST_P(LossOverUdp, HangsNoWorkloadAndIsCounted) {
  SKIP_WITHOUT_NAMESPACES();
  SKIP_WITHOUT_NFTABLES();
  const auto& [workload, loss] = GetParam();
  const std::string lossy = fmt::format(
      "nft 'add table inet lossy; add chain inet lossy in {{ type filter hook input priority 0; }};"
      " add rule inet lossy in meta l4proto udp numgen {} drop' &&",
      loss.dropped);
  const auto begun = std::chrono::steady_clock::now();
  const auto finished = in_own_namespace(lossy, fmt::format("--workload {} --timeout 20", workload.arguments));
  ASSERT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{10});
  const Json udp = untraced(Json::parse(finished.out, nullptr, false), "udp");
  EXPECT_EQ(workload.accounted(udp), workload.sent) << udp.dump(1);
}

}  // namespace
}  // namespace sockscope

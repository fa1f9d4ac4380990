#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>
#include <tuple>
#include <vector>

#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"

/// Workloads whose network or whose other end fails, through the program; and where nobody else's traffic counts.
namespace sockscope {
namespace {

using ::testing::HasSubstr;
using testing::Json;
using testing::Scratch;
using ::testing::StartsWith;
using testing::untraced;

/// A workload in a network namespace of its own, where nobody else's traffic counts.
testing::Finished in_own_namespace(const std::string& set_up, const std::string& arguments) {
  return testing::run(
      {"unshare", "--net", "sh", "-c",
       "ip link set lo up && " + set_up + " exec \"$0\" compare --untraced --rounds 1 --format json " + arguments,
       SOCKSCOPE_PROGRAM});
}

#define SKIP_WITHOUT_NAMESPACES()                                                     \
  if (geteuid() != 0 || testing::run({"unshare", "--net", "ip", "link"}).status != 0) \
  GTEST_SKIP() << "needs root and network namespaces"

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
  // Open: SYN, SYN-ACK, ACK, FIN (and its ACK later); closed: SYN and RST.
  EXPECT_EQ(untraced(scan, "tcp").at("counts").at("namespace_segments"), 20 * 4 + 20 * 2);
}

TEST(OwnNamespace, WithoutARouteEndsInASentence) {
  SKIP_WITHOUT_NAMESPACES();
  const auto finished = in_own_namespace("ip link add away type veth peer name there && ip link set away up &&",
                                         "--workload connect --quick --device away --timeout 100");
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, StartsWith("sockscope: "));
  EXPECT_THAT(finished.err, HasSubstr("on 127.0.0.1 through away: "));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
}

TEST(OwnNamespace, WhoseLoopbackIsDownEndsInASentence) {
  SKIP_WITHOUT_NAMESPACES();
  const auto finished = in_own_namespace("ip link set lo down &&", "--quick --timeout 100");
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, HasSubstr("on 127.0.0.1: "));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
}

/// A workload, and where its report says what became of what it sent, beside what was given up.
struct LossyWorkload {
  const char* name;
  const char* arguments;
  int sent;
  std::vector<const char*> arrived;
};

/// Which datagrams nftables drops, in its words: of how many in a row.
struct Loss {
  const char* name;
  const char* dropped;
};

class LossOverUdp : public ::testing::TestWithParam<std::tuple<LossyWorkload, Loss>> {};

INSTANTIATE_TEST_SUITE_P(
    Of, LossOverUdp,
    ::testing::Combine(
        ::testing::Values(
            LossyWorkload{"Echo", "echo --count 20 --warm-up 3", 20, {"/rtt_ns/count"}},
            LossyWorkload{
                "EchoInTwoWrites", "echo --pattern write-write-read --count 20 --warm-up 3", 20, {"/rtt_ns/count"}},
            LossyWorkload{"EchoOverFlows", "echo --flows 5 --poll epoll --count 20 --warm-up 3", 20, {"/rtt_ns/count"}},
            LossyWorkload{"EchoByThreads", "echo --threads 3 --count 20 --warm-up 3", 20, {"/rtt_ns/count"}},
            LossyWorkload{"Rate", "rate --count 20 --warm-up 3", 20, {"/rtt_ns/count"}},
            LossyWorkload{"Message", "message --count 20 --warm-up 3", 20, {"/counts/received", "/counts/lost"}},
            LossyWorkload{"Stream", "stream --count 20 --warm-up 3", 20, {"/counts/received", "/counts/lost"}},
            LossyWorkload{"Connect", "connect --count 20 --warm-up 3", 20, {"/units"}},
            LossyWorkload{"Relay", "relay --count 20 --warm-up 3", 20, {"/units"}},
            LossyWorkload{"Scan", "scan --ports 20", 20, {"/counts/open", "/counts/closed"}},
            LossyWorkload{
                "Telnet", "telnet --size 3 --count 5 --warm-up 2", 5 * 4, {"/counts/keystrokes", "/counts/returns"}}),
        ::testing::Values(Loss{"TheFirst", "inc mod 1000000 < 1"}, Loss{"TheFirstFive", "inc mod 1000000 < 5"},
                          Loss{"OneInThree", "random mod 3 0"}, Loss{"EveryTenth", "inc mod 10 0"})),
    [](const auto& test) {
      return fmt::format("{}Without{}", std::get<0>(test.param).name, std::get<1>(test.param).name);
    });

// The first datagrams and the last ones tell the server that the client is there, that it has warmed up and that the
// run is over.
TEST_P(LossOverUdp, HangsNoWorkloadAndIsCounted) {
  SKIP_WITHOUT_NAMESPACES();
  if (testing::run({"unshare", "--net", "nft", "add table inet lossy"}).status != 0) GTEST_SKIP() << "no nftables here";
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
  int accounted = udp.at("lost_round_trips").get<int>();
  for (const char* count : workload.arrived) accounted += udp.at(Json::json_pointer(count)).get<int>();
  EXPECT_EQ(accounted, workload.sent) << udp.dump(1);
}

struct Killed {
  const char* workload;
  const char* end;
};

class KilledEnd : public ::testing::TestWithParam<Killed> {};

INSTANTIATE_TEST_SUITE_P(OfEachWorkload, KilledEnd,
                         ::testing::Values(Killed{"echo", "server"}, Killed{"message", "server"},
                                           Killed{"message", "client"}, Killed{"rate", "server"},
                                           Killed{"stream", "server"}, Killed{"stream", "client"},
                                           Killed{"connect", "server"}, Killed{"relay", "server"},
                                           Killed{"relay", "client"}, Killed{"telnet", "server"}));

TEST_P(KilledEnd, EndsTheRunWithASentenceAndLeavesNothing) {
  const auto [workload, end] = GetParam();
  const Scratch scratch;
  const auto err = scratch / "err";
  const int fd = open(err.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  auto program = ChildProcess::exec({.name = "sockscope", .stderr_fd = fd},
                                    {SOCKSCOPE_PROGRAM, "compare", "--untraced", "--rounds", "1", "--workload",
                                     workload, "--duration", "30", "--timeout", "100",
                                     // Of connect, ports that no earlier test has left in TIME_WAIT.
                                     "--bind", "127.0.0.71,127.0.0.72"});
  close(fd);
  ASSERT_TRUE(program) << program.error().message;
  const std::string name = fmt::format("{}-{}", workload, end);
  const pid_t victim = testing::wait_for_child(program->pid(), name, std::chrono::seconds{20});
  ASSERT_NE(victim, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  const auto children = testing::children_of(program->pid());
  ASSERT_EQ(kill(victim, SIGKILL), 0);
  const auto status = program->wait({.timeout = std::chrono::seconds{15}});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 3);
  std::ifstream said(err);
  const std::string text(std::istreambuf_iterator<char>(said), {});
  EXPECT_THAT(text, StartsWith("sockscope: "));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  for (const auto& [pid, comm] : children) EXPECT_FALSE(testing::is_alive(pid)) << comm;
}

}  // namespace
}  // namespace sockscope

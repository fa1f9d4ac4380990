#include "harness/planning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "harness/plan_text.h"
#include "workloads/workload_table.h"

namespace sockscope {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

const std::vector<int> kCpus{2, 3, 5};
constexpr std::array kTcpAlone{Protocol::kTcp};

Result<RunPlan> plan(const MeasureOptions& options, bool with_traced = true) {
  return make_plan(of_protocols(options, kProtocols), with_traced, kCpus);
}

/// The message of the usage error that these options are.
std::string error_of(const MeasureOptions& options) {
  const auto made = plan(options);
  if (made) return "no error";
  EXPECT_EQ(made.error().kind, ErrorKind::kUsage);
  return made.error().message;
}

TEST(MakePlan, DefaultsAreThoseOfTheHelp) {
  const auto made = plan({});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 40U);
  EXPECT_THAT(made->steps, SizeIs(240));  // 40 rounds of 2 protocols, untraced, counted and traced
  EXPECT_EQ(made->variants[0].workload.size, 64U);
  EXPECT_EQ(made->variants[0].workload.count, 5'000U);
  EXPECT_FALSE(made->variants[0].workload.duration);
  EXPECT_EQ(made->variants[0].workload.warm_up, 500U);
  EXPECT_EQ(made->variants[0].workload.port, 0);
  EXPECT_EQ(made->variants[0].workload.receive_timeout, std::chrono::seconds{1});
}

TEST(MakePlan, PutsBothEndsOnTheFirstAllowedCpu) {
  const auto made = plan({});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->variants[0].workload.client_cpu, 2);
  EXPECT_EQ(made->variants[0].workload.server_cpu, 2);
}

TEST(MakePlan, QuickIsEightRoundsOf2000) {
  const auto made = plan({.quick = true});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 8U);
  EXPECT_EQ(made->variants[0].workload.count, 2'000U);
  EXPECT_THAT(made->steps, SizeIs(48));
}

TEST(MakePlan, QuickGivesWayToACountAndToRounds) {
  const auto made = plan({.count = 7, .rounds = 3, .quick = true});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 3U);
  EXPECT_EQ(made->variants[0].workload.count, 7U);
}

TEST(MakePlan, TakesOverWhatIsAskedFor) {
  const auto made = plan({.size = 1400, .count = 77, .warm_up = 5, .cpus = "3,5", .port = 5000, .timeout_ms = 250});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->variants[0].workload.size, 1400U);
  EXPECT_EQ(made->variants[0].workload.count, 77U);
  EXPECT_EQ(made->variants[0].workload.warm_up, 5U);
  EXPECT_EQ(made->variants[0].workload.client_cpu, 3);
  EXPECT_EQ(made->variants[0].workload.server_cpu, 5);
  EXPECT_EQ(made->variants[0].workload.port, 5000);
  EXPECT_EQ(made->variants[0].workload.receive_timeout, std::chrono::milliseconds{250});
}

TEST(MakePlan, ADurationReplacesTheCount) {
  const auto made = plan({.duration_s = 0.25});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->variants[0].workload.duration, std::chrono::milliseconds{250});
  EXPECT_EQ(made->variants[0].workload.count, 1'000'000'000U) << "which no run reaches within an hour";
}

TEST(MakePlan, HasNoTracedStepsWhereNothingCanBeTraced) {
  const auto made = plan({.rounds = 2}, false);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->steps, SizeIs(8));
  for (const RunStep& step : made->steps) EXPECT_NE(step.watch, Watch::kPerf);
}

TEST(MakePlan, RefusesASizeThatNoDatagramHolds) {
  EXPECT_EQ(error_of({.size = 65'507}), "no error");
  EXPECT_EQ(error_of({.size = 65'508}),
            "--size 65508 does not fit into a UDP datagram, which holds at most 65507 bytes");
}

TEST(MakePlan, AllowsThatSizeOverTcpAlone) {
  EXPECT_TRUE(make_plan(of_protocols({.size = 65'536}, kTcpAlone), true, kCpus));
}

TEST(MakePlan, RefusesCpusThatAreNotTwoNumbers) {
  ASSERT_EQ(error_of({.cpus = "2,3"}), "no error");
  for (const char* cpus : {"2", "2,", ",3", "2,3,5", "a,b", "2,3x", "-2,3", " 2,3", "2 ,3", "0x2,3", ","}) {
    EXPECT_EQ(error_of({.cpus = cpus}),
              fmt::format("--cpus {}: expected two CPU numbers, client and server, such as 0,1", cpus));
  }
}

TEST(MakePlan, RefusesCpusThatAreNotAllowedAndNamesThoseThatAre) {
  EXPECT_EQ(error_of({.cpus = "2,4"}), "--cpus 2,4: CPU 4 is not allowed here, choose from 2-3,5");
  EXPECT_EQ(error_of({.cpus = "0,2"}), "--cpus 0,2: CPU 0 is not allowed here, choose from 2-3,5");
}

TEST(MakePlan, TakesOverHowSocketsAndEndsAreSetUp) {
  const auto made = plan({.cpus = "2,3",
                          .socket = {.nodelay = false, .congestion = "reno", .dscp = 8, .ip = IpVersion::kV6},
                          .bind = "::1,::2",
                          .fifo = true,
                          .seed = 7,
                          .raw_file = "raw",
                          .flows = 12,
                          .threads = 3,
                          .poll = PollMode::kEpoll});
  ASSERT_TRUE(made) << made.error().message;
  const WorkloadSpec& spec = made->variants[0].workload;
  EXPECT_FALSE(spec.socket.nodelay);
  EXPECT_EQ(spec.socket.congestion, "reno");
  EXPECT_EQ(spec.socket.dscp, 8);
  EXPECT_EQ(spec.socket.client_address, "::1");
  EXPECT_EQ(spec.socket.server_address, "::2");
  EXPECT_TRUE(spec.fifo);
  EXPECT_EQ(spec.seed, 7U);
  EXPECT_EQ(spec.raw_file, "raw");
  EXPECT_EQ(spec.flows, 12U);
  EXPECT_EQ(spec.threads, 3U);
  EXPECT_EQ(spec.poll, PollMode::kEpoll);
}

TEST(MakePlan, BindsBothEndsToASingleAddress) {
  const auto made = plan({.bind = "127.0.0.5"});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->variants[0].workload.socket.client_address, "127.0.0.5");
  EXPECT_EQ(made->variants[0].workload.socket.server_address, "127.0.0.5");
}

TEST(MakePlan, RefusesAnAddressOfTheOtherVersion) {
  EXPECT_EQ(error_of({.bind = "127.0.0.1,::1"}), R"(--bind 127.0.0.1,::1: "::1" is no numeric IPv4 address)");
}

// 40 ms for a delayed ACK and 200 ms for a cork would make a run of 10,000 last for an hour.
TEST(MakePlan, AsksForFewRoundTripsWhereEachWaitsForATimer) {
  EXPECT_EQ(plan({.socket = {.cork = true}})->variants[0].workload.count, 50U);
  EXPECT_EQ(plan({.socket = {.nodelay = false}, .write_write_read = true})->variants[0].workload.count, 50U);
  EXPECT_EQ(plan({.socket = {.nodelay = false}})->variants[0].workload.count, 5'000U);
  EXPECT_EQ(plan({.count = 200, .socket = {.cork = true}})->variants[0].workload.count, 200U);
}

TEST(MakePlan, RefusesWhatDoesNotGoTogetherAndSaysWhy) {
  EXPECT_EQ(error_of({.flows = 2, .threads = 3, .poll = PollMode::kPoll}),
            "--threads 3 are more than --flows 2: a thread needs a flow of its own");
  EXPECT_EQ(error_of({.flows = 2}),
            "--flows 2 with --poll block: a thread that blocks in one socket cannot serve another; choose --poll poll, "
            "epoll or busy, or as many --threads");
  EXPECT_EQ(error_of({.flows = 2, .threads = 2}), "no error");
  EXPECT_EQ(error_of({.poll = PollMode::kBusy}),
            "--poll busy on one CPU: an end that spins would keep the other from answering; give two with --cpus");
  EXPECT_EQ(error_of({.cpus = "2,3", .poll = PollMode::kBusy}), "no error");
  EXPECT_EQ(error_of({.poll = PollMode::kPoll, .write_write_read = true}),
            "--pattern write-write-read is for one flow with --poll block: the stall that it shows is one of a single "
            "connection");
  EXPECT_EQ(error_of({.poll = PollMode::kPoll, .inject_delay_ns = 100}),
            "--inject-delay is for one flow with --poll block");
  EXPECT_EQ(error_of({.workload = WorkloadKind::kScan, .inject_delay_ns = 100}),
            "--inject-delay is not for the workload scan, which has no server that could be slower");
  EXPECT_EQ(error_of({.size = 3, .write_write_read = true}),
            "--size 3 is too small for --pattern write-write-read, which needs 4 bytes");
  EXPECT_EQ(error_of({.duration_s = 1, .raw_file = "raw"}),
            "--raw needs a --count: the memory for the samples is taken beforehand");
  EXPECT_EQ(error_of({.count = 4'000'001, .raw_file = "raw"}),
            "--raw keeps at most 4000000 samples, and --count is 4000001");
}

TEST(MakePlan, RefusesTheOptionsOfAnotherWorkload) {
  EXPECT_EQ(error_of({.rate = 5}), "--rate is not for the workload echo, which goes as fast as it is answered");
  EXPECT_EQ(error_of({.file = "f"}), "--file is not for the workload echo, which makes up what it sends");
  EXPECT_EQ(error_of({.ports = 5}), "--ports is not for the workload echo, which has one port");
}

TEST(MakePlan, RefusesOptionsOfTcpWhereOnlyUdpIsMeasured) {
  constexpr std::array kUdpAlone{Protocol::kUdp};
  for (const auto& [socket, option] :
       {std::pair{SocketOptions{.nodelay = false}, "--no-nodelay"},
        std::pair{SocketOptions{.quickack = true}, "--quickack"}, std::pair{SocketOptions{.cork = true}, "--cork"},
        std::pair{SocketOptions{.congestion = "reno"}, "--congestion"}}) {
    const auto made = make_plan(of_protocols({.socket = socket}, kUdpAlone), true, kCpus);
    ASSERT_FALSE(made) << option;
    EXPECT_EQ(made.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(made.error().message, fmt::format("{} is an option of TCP, and only UDP is measured", option));
    EXPECT_TRUE(make_plan(of_protocols({.socket = socket}, kProtocols), true, kCpus)) << option;
  }
}

TEST(MakePlan, TracesEveryWorkload) {
  for (const WorkloadRow& row : workload_table()) {
    const auto made = plan({.workload = row.kind});
    ASSERT_TRUE(made) << row.name << ": " << made.error().message;
    EXPECT_NE(std::ranges::count(made->steps, Watch::kPerf, &RunStep::watch), 0) << row.name;
  }
}

TEST(TitleOf, SaysWhatIsMeasuredWhereAndHowOften) {
  EXPECT_EQ(title_of(*plan({})), "echo of 64 bytes, both ends on CPU 2, 40 rounds of 5000 round trips");
  EXPECT_EQ(title_of(*plan({.size = 1, .count = 3, .rounds = 1, .cpus = "5,3"})),
            "echo of 1 bytes, client on CPU 5, server on CPU 3, 1 round of 3 round trips");
  EXPECT_EQ(title_of(*plan({.duration_s = 1.5})), "echo of 64 bytes, both ends on CPU 2, 40 rounds of 1.5 s");
}

TEST(FactsOf, APlanAreItsNumbers) {
  EXPECT_THAT(facts_of(*plan({.rounds = 2})),
              ElementsAre(Pair("workload", "echo"), Pair("size", "64 bytes"),
                          Pair("amount", "5000 round trips a run, after 500 to warm up"),
                          Pair("placement", "both ends on CPU 2"),
                          Pair("rounds", "2, the order of the variants drawn at random")));
}

TEST(FactsOf, APlanAreItsOptionsTooWhereTheyAreNotTheUsualOnes) {
  const auto made = plan({.socket = {.nodelay = false, .send_buffer = 4'096, .dscp = 46, .device = "lo"},
                          .bind = "127.0.0.2",
                          .fifo = true,
                          .flows = 4,
                          .threads = 2,
                          .poll = PollMode::kPoll});
  ASSERT_TRUE(made) << made.error().message;
  const Facts facts = facts_of(*made);
  EXPECT_THAT(facts, Contains(Pair("flows", "4 in 2 threads, waiting by poll")));
  EXPECT_THAT(facts, Contains(Pair("scheduling", "SCHED_FIFO")));
  EXPECT_THAT(facts, Contains(Pair("sockets",
                                   "no nodelay, send buffer 4096 bytes, DSCP 46, client 127.0.0.2, server "
                                   "127.0.0.2, device lo")));
}

TEST(MakePlan, TopologiesHaveAddressesAndDevicesOfTheirOwn) {
  MeasureOptions options;
  options.topology = Topology::kBridge;
  const auto made = plan(options);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->variants[1].workload.topology, Topology::kBridge);
  EXPECT_EQ(made->variants[1].workload.client_namespace, -1) << "before there are any";
  options.bind = "127.0.0.2";
  EXPECT_EQ(error_of(options), "--bind does not go with --topology bridge, which has addresses and devices of its own");
  options.bind.clear();
  options.socket.device = "lo";
  EXPECT_EQ(error_of(options),
            "--device does not go with --topology bridge, which has addresses and devices of its own");
}

TEST(TopologyOf, SaysWhatLiesBetweenTheEndsOfEachVariant) {
  auto made = plan({});
  ASSERT_TRUE(made);
  EXPECT_EQ(topology_of(*made), "this machine's lo");
  made->variants[1].workload.topology = Topology::kVxlan;
  EXPECT_EQ(topology_of(*made), "this machine's lo (TCP), vxlan (UDP)");
  made->variants[0].workload.topology = Topology::kVxlan;
  EXPECT_EQ(topology_of(*made), "vxlan");
  made->variants[0].workload.topology = made->variants[1].workload.topology = Topology::kLoopback;
  EXPECT_EQ(topology_of(*made), "the lo of a network namespace");
}

}  // namespace
}  // namespace sockscope

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/network_namespace.h"
#include "base/topology.h"
#include "harness/lab_leftovers.h"
#include "harness/network_lab.h"
#include "tests/integration/sockscope_program.h"

/// Real network namespaces, devices and rules.
namespace sockscope {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using Json = nlohmann::json;

#define SKIP_WITHOUT_ROOT() \
  if (geteuid() != 0) GTEST_SKIP() << "network namespaces are for root"

/// What this kernel has not got is refused, and the message says which: then that is the test.
#define REFUSED_WITHOUT(topology)                                              \
  if (const auto lab = NetworkLab::make(topology, IpVersion::kV4, {}); !lab) { \
    return expect_refused(topology, lab.error());                              \
  }

void expect_refused(Topology topology, const Error& error) {
  EXPECT_THAT(error.message, HasSubstr("this kernel has no such type of device"));
  const auto finished =
      testing::sockscope({"compare", "--topology", std::string(name_of(topology)), "--untraced", "--quick"});
  EXPECT_EQ(finished.status, 3);
  EXPECT_THAT(finished.err, HasSubstr(error.message));
}

Json report_of(const testing::Finished& finished) {
  EXPECT_EQ(finished.status, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

/// What this namespace has, and who is in any of ours.
struct State {
  std::string devices;
  std::string addresses;
  std::string rules;
  std::string names;  // of namespaces that have one
  std::vector<LabProcess> processes;

  static State now() {
    return {.devices = testing::run({"ip", "-o", "link"}).out,
            .addresses = testing::run({"ip", "-o", "address"}).out,
            .rules = testing::run({"nft", "list", "ruleset"}).out,
            .names = testing::run({"ip", "netns"}).out,
            .processes = lab_processes("/proc")};
  }
  bool operator==(const State&) const = default;
};

class OverTopology : public ::testing::TestWithParam<Topology> {};

INSTANTIATE_TEST_SUITE_P(All, OverTopology, ::testing::ValuesIn(kTopologies), [](const auto& topology) {
  std::string name(name_of(topology.param));
  std::erase(name, '-');
  return name;
});

/// net_dev_queue of a round trip: once at each device that a packet is queued at, there and back.
double skbs_of(Topology topology) {
  switch (topology) {
    case Topology::kBridge:
    case Topology::kVxlan:
      return 4;
    case Topology::kBridgeNat:
      return 5;
    default:
      return 2;
  }
}

TEST_P(OverTopology, ComparesAndCountsWhatItsDevicesAre) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(GetParam());
  SKIP_WITHOUT_TRACING();
  constexpr int count = 300;
  const auto report =
      report_of(testing::sockscope({"compare", "--topology", std::string(name_of(GetParam())), "--rounds", "1",
                                    "--count", std::to_string(count), "--format", "json"}));
  for (const char* const protocol : {"tcp", "udp"}) {
    const Json& part = report.at("protocols").at(protocol);
    EXPECT_EQ(part.at("untraced").at("rtt_ns").at("count"), count) << protocol;
    EXPECT_EQ(part.at("traced").at("matched"), 2 * count) << protocol;
    EXPECT_EQ(part.at("per_round_trip").at("skbs"), skbs_of(GetParam())) << protocol;
    std::uint64_t stages = 0;
    for (const Json& stage : part.at("stages")) stages += stage.value("sum_ns", std::uint64_t{0});
    EXPECT_EQ(stages, part.at("traced").at("rtt_ns").at("sum")) << protocol;
    if (GetParam() == Topology::kLoopback) {
      EXPECT_FALSE(part.contains("devices"));
      continue;
    }
    std::uint64_t steps = 0;
    for (const Json& step : part.at("devices")) steps += step.at("sum_ns").get<std::uint64_t>();
    std::uint64_t device_and_backlog = 0;
    for (const Json& stage : part.at("stages")) {
      const bool is_of_devices = stage.at("name") == "device" || stage.at("name") == "backlog";
      if (is_of_devices) device_and_backlog += stage.at("sum_ns").get<std::uint64_t>();
    }
    EXPECT_EQ(steps, device_and_backlog) << protocol;
  }
  int of_stations = 0;
  for (const Json& law : report.at("laws")) {
    const std::string name = law.at("name");
    // A clock or a switch of the scheduler is nothing of a topology's.
    const bool is_of_packets = name.contains("skbs") || name.contains("stages") || name.contains("messages");
    if (is_of_packets) {
      EXPECT_TRUE(law.at("holds")) << name << ": " << law.at("detail");
    }
    if (name.contains("skbs at the stations of")) ++of_stations;
  }
  EXPECT_EQ(of_stations, GetParam() == Topology::kLoopback ? 0 : 2);
}

TEST_P(OverTopology, SpeaksIPv6) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(GetParam());
  if (access("/proc/net/if_inet6", F_OK) != 0) GTEST_SKIP() << "this kernel has no IPv6";
  const auto report =
      report_of(testing::sockscope({"compare", "-6", "--topology", std::string(name_of(GetParam())), "--rounds", "1",
                                    "--count", "100", "--untraced", "--format", "json"}));
  for (const char* const protocol : {"tcp", "udp"}) {
    EXPECT_EQ(report.at("protocols").at(protocol).at("untraced").at("rtt_ns").at("count"), 100) << protocol;
  }
}

TEST_P(OverTopology, LeavesNothingBehind) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(GetParam());
  const State before = State::now();
  (void)report_of(testing::sockscope({"compare", "--topology", std::string(name_of(GetParam())), "--rounds", "1",
                                      "--count", "50", "--untraced", "--format", "json"}));
  EXPECT_EQ(State::now(), before);
}

/// Sends the signal in the middle of it, and says how it ended.
int killed_after(const std::vector<std::string>& command, int signal, std::chrono::milliseconds time) {
  auto child = testing::start_sockscope(command);
  std::this_thread::sleep_for(time);
  child.send_signal(signal);
  const auto status = child.wait({.timeout = std::chrono::seconds{20}});
  return status ? *status : -1;
}

/// Once what was killed is gone altogether, to which the kernel takes a moment; or as it is after a second.
State settled_as(const State& before) {
  State after = State::now();
  for (int tries = 0; tries < 50 && after != before; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    after = State::now();
  }
  return after;
}

TEST(KilledRun, LeavesNothingBehindHoweverAndWheneverItEnds) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(Topology::kBridgeNat);
  const State before = State::now();
  const testing::Scratch scratch;
  const auto report = (scratch / "report").string();
  // While the namespaces are made, while they are set up, and while the ends are in them.
  const std::vector<std::string> compare{"compare", "--topology", "bridge-nat", "--rounds",
                                         "50",      "--untraced", "-o",         report};
  const std::vector<std::string> topologies{"topologies", "--rounds", "50", "--count", "2000", "-o", report};
  constexpr int kills = 50;
  const unsigned seed = std::random_device()();
  std::mt19937 random(seed);
  for (int kill = 0; kill < kills; ++kill) {
    const bool is_compare = kill % 2 == 0;
    const int signal = std::array{SIGKILL, SIGINT, SIGTERM, SIGHUP}[random() % 4];
    const std::chrono::milliseconds after{5 + random() % (is_compare ? 400 : 1'200)};
    const int status = killed_after(is_compare ? compare : topologies, signal, after);
    // 130 is what sockscope says; a signal that came before it could hear it ends it as any program.
    EXPECT_TRUE(status == 128 + signal || (signal != SIGKILL && status == 130))
        << status << " by " << signal << " after " << after.count() << " ms, seed " << seed;
  }
  EXPECT_EQ(settled_as(before), before) << "seed " << seed;
  EXPECT_THAT(testing::sockscope({"doctor"}).out, HasSubstr("leftovers    none"));
}

TEST(InterruptedTopologies, ReportWhatWasFinishedAndTidyUp) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(Topology::kVeth);
  const testing::Scratch scratch;
  const auto report = (scratch / "report").string();
  const auto temporaries = scratch / "temporaries";
  std::filesystem::create_directory(temporaries);
  ASSERT_EQ(setenv("TMPDIR", temporaries.c_str(), 1), 0);
  const int status = killed_after({"topologies", "--untraced", "--rounds", "50", "--count", "5000", "-o", report},
                                  SIGINT, std::chrono::seconds{4});
  ASSERT_EQ(unsetenv("TMPDIR"), 0);
  EXPECT_EQ(status, 130);
  std::ifstream file(report);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, HasSubstr("interrupted: only what was finished is in it"));
  EXPECT_TRUE(std::filesystem::is_empty(temporaries));
}

TEST(TwoTopologies, AreComparedAsVariants) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(Topology::kVeth);
  const testing::Scratch scratch;
  const auto report =
      report_of(testing::sockscope({"compare", "--a", "udp --topology veth", "--b", "udp", "--rounds", "1", "--count",
                                    "100", "--untraced", "--format", "json", "--keep", (scratch / "run").string()}));
  EXPECT_EQ(report.at("environment").at("topology"), "veth (A), this machine's lo (B)");
  std::ifstream file(scratch / "run" / "run.json");
  const Json run = Json::parse(file, nullptr, false);
  for (const Json& one : run.at("runs")) {
    EXPECT_EQ(one.value("topology", ""), one.at("variant").at("key") == "a" ? "veth" : "");
  }
}

TEST(Topologies, MeasuresAllThatAreThereAndNamesTheOthers) {
  SKIP_WITHOUT_ROOT();
  SKIP_WITHOUT_TRACING();
  const auto report =
      report_of(testing::sockscope({"topologies", "--rounds", "2", "--count", "200", "--format", "json"}));
  EXPECT_EQ(report.at("schema"), "sockscope.topologies/1");
  EXPECT_EQ(report.at("topologies").size() + report.at("lacking").size(), kTopologies.size());
  for (const Json& one : report.at("topologies")) {
    const auto topology = topology_named(one.at("name").get<std::string>());
    ASSERT_TRUE(topology);
    for (const char* const protocol : {"tcp", "udp"}) {
      EXPECT_EQ(one.at(protocol).at("per_message").at("skbs"), skbs_of(*topology) / 2) << one.at("name") << protocol;
      EXPECT_EQ(one.at(protocol).contains("over_loopback"), *topology != Topology::kLoopback);
    }
  }
  for (const Json& one : report.at("lacking")) {
    EXPECT_THAT(one.at("why").get<std::string>(), HasSubstr("this kernel has no such type of device"));
  }
}

TEST(FunctionsOverTopologies, AreThoseOfTheirDevices) {
  SKIP_WITHOUT_ROOT();
  REFUSED_WITHOUT(Topology::kBridge);
  SKIP_WITHOUT_TRACING();
  const auto report =
      report_of(testing::sockscope({"functions", "--a", "udp --topology bridge", "--b", "udp --topology loopback",
                                    "--workload", "echo", "--rounds", "3", "--count", "100", "--format", "json"}));
  std::vector<std::string> added;
  for (const Json& one : report.at("only_in_a")) added.push_back(one.at("function"));
  EXPECT_THAT(added, IsSupersetOf({"br_handle_frame", "br_forward_finish", "br_dev_queue_push_xmit", "veth_xmit"}));
  EXPECT_EQ(report.at("environment").at("topology"), "bridge (A), the lo of a network namespace (B)");
}

TEST(Unprivileged, CannotAndIsToldSo) {
  SKIP_WITHOUT_ROOT();
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"compare", "--topology", "veth", "--untraced"}, {"topologies"}}) {
    std::vector<std::string> words{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SOCKSCOPE_PROGRAM};
    words.insert(words.end(), command.begin(), command.end());
    const auto finished = testing::run(words);
    EXPECT_EQ(finished.status, 3);
    EXPECT_THAT(finished.out, IsEmpty());
    EXPECT_THAT(finished.err, HasSubstr("making a network namespace is for root: run with sudo\n"));
  }
}

TEST(MissingIp, IsNamedWithThePackage) {
  SKIP_WITHOUT_ROOT();
  ASSERT_EQ(setenv("PATH", "/nonexistent", 1), 0);
  const auto finished = testing::sockscope({"compare", "--topology", "veth", "--untraced", "--quick"});
  ASSERT_EQ(setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1), 0);
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err, "sockscope: veth: ip is not installed: apt-get install iproute2\n");
}

TEST(InNamespace, IsThereAndComesBack) {
  SKIP_WITHOUT_ROOT();
  const auto here = testing::run({"ip", "-o", "link"}).out;
  const auto made = NetworkNamespace::make();
  ASSERT_TRUE(made) << made.error().message;
  {
    const auto there = InNamespace::enter(made->fd());
    ASSERT_TRUE(there);
    EXPECT_THAT(testing::run({"ip", "-o", "link"}).out, HasSubstr("1: lo: <LOOPBACK> mtu 65536"));
  }
  EXPECT_EQ(testing::run({"ip", "-o", "link"}).out, here);
}

}  // namespace
}  // namespace sockscope

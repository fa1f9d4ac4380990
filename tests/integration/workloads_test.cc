#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/cpu_list.h"
#include "base/histogram.h"
#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"

/// Every workload and every option of theirs, through the program: exact counts, and what the kernel says of the
/// sockets.
namespace sockscope {
namespace {

using ::testing::HasSubstr;
using testing::Json;
using testing::Scratch;
using ::testing::StartsWith;
using testing::untraced;

/// One untraced round, as JSON.
Json measured(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"compare", "--untraced", "--rounds", "1", "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto finished = testing::sockscope(arguments);
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  return Json::parse(finished.out, nullptr, false);
}

void expect_laws(const Json& report) {
  for (const Json& law : report.at("laws")) EXPECT_TRUE(law.at("holds")) << law.dump();
}

/// An option, and what getsockopt says of it at both ends.
struct InEffect {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> tcp;
  std::map<std::string, std::string> udp;
};

class SocketOption : public ::testing::TestWithParam<InEffect> {};

INSTANTIATE_TEST_SUITE_P(
    OfEchoAndOfFlows, SocketOption,
    ::testing::Values(
        InEffect{{}, {{"nodelay", "1"}, {"cork", "0"}, {"dscp", "0"}, {"scheduler", "other"}}, {}},
        InEffect{{"--nodelay", "on"}, {{"nodelay", "1"}}, {}}, InEffect{{"--no-nodelay"}, {{"nodelay", "0"}}, {}},
        InEffect{{"--cork", "--count", "2", "--warm-up", "0"}, {{"cork", "1"}}, {}},
        InEffect{{"--congestion", "reno"}, {{"congestion", "reno"}}, {}},
        InEffect{{"--send-buffer", "30000"}, {{"send_buffer", "60000"}}, {{"send_buffer", "60000"}}},
        InEffect{{"--receive-buffer", "40000"}, {{"receive_buffer", "80000"}}, {{"receive_buffer", "80000"}}},
        InEffect{{"--dscp", "46"}, {{"dscp", "46"}}, {{"dscp", "46"}}},
        InEffect{{"--bind", "127.0.0.2"}, {{"local", "127.0.0.2"}}, {{"remote", "127.0.0.2"}}},
        InEffect{{"--device", "lo"}, {{"device", "lo"}}, {{"device", "lo"}}},
        InEffect{{"-4"}, {{"local", "127.0.0.1"}}, {{"local", "127.0.0.1"}}},
        InEffect{{"--flows", "3", "--poll", "poll", "--dscp", "10"}, {{"dscp", "10"}}, {{"dscp", "10"}}}));

TEST_P(SocketOption, IsInEffectAtBothEnds) {
  std::vector<std::string> arguments{"--count", "20", "--warm-up", "2"};
  const auto& own = GetParam().arguments;
  if (std::ranges::find(own, "--count") != own.end()) arguments.clear();
  arguments.insert(arguments.end(), own.begin(), own.end());
  const Json report = measured(arguments);
  for (const char* end : {"client", "server"}) {
    for (const auto& [name, value] : GetParam().tcp) {
      EXPECT_EQ(untraced(report, "tcp").at("socket").at(end).at(name), value) << end << " " << name;
    }
    for (const auto& [name, value] : GetParam().udp) {
      EXPECT_EQ(untraced(report, "udp").at("socket").at(end).at(name), value) << end << " " << name;
    }
  }
}

TEST(SocketOption, OfRootAloneIsInEffectForRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const Json report = measured({"--count", "20", "--busy-poll", "77", "--sched", "fifo", "--send-buffer", "20000000"});
  const Json& client = untraced(report, "udp").at("socket").at("client");
  EXPECT_EQ(client.at("busy_poll_us"), "77");
  EXPECT_EQ(client.at("scheduler"), "fifo");
  EXPECT_EQ(client.at("send_buffer"), "40000000") << "beyond net.core.wmem_max";
}

TEST(SocketOption, EachEndHasItsOwnAddress) {
  const Json report = measured({"--count", "20", "--bind", "127.0.0.3,127.0.0.2"});
  for (const char* protocol : {"tcp", "udp"}) {
    EXPECT_EQ(untraced(report, protocol).at("socket").at("client").at("local"), "127.0.0.3");
    EXPECT_EQ(untraced(report, protocol).at("socket").at("client").at("remote"), "127.0.0.2");
    EXPECT_EQ(untraced(report, protocol).at("socket").at("server").at("local"), "127.0.0.2");
  }
}

TEST(SocketOption, OfIpV6GoesOverIpV6) {
  if (access("/proc/net/if_inet6", R_OK) != 0) GTEST_SKIP() << "no IPv6 here";
  const Json report = measured({"-6", "--count", "20", "--dscp", "12"});
  for (const char* protocol : {"tcp", "udp"}) {
    EXPECT_EQ(untraced(report, protocol).at("socket").at("client").at("local"), "::1");
    EXPECT_EQ(untraced(report, protocol).at("socket").at("server").at("dscp"), "12");
    EXPECT_EQ(untraced(report, protocol).at("rtt_ns").at("count"), 20);
  }
}

// The environment says which congestion control was in use.
TEST(SocketOption, OfCongestionControlStandsInTheEnvironment) {
  const Json report = measured({"--count", "20", "--congestion", "reno"});
  EXPECT_EQ(report.at("environment").at("tcp congestion control"), "reno, as asked for");
  EXPECT_EQ(report.at("plan").at("sockets"), "congestion control reno");
}

struct Refused {
  std::vector<std::string> arguments;
  int status = 0;
  std::string message;
};

class RefusedOption : public ::testing::TestWithParam<Refused> {};

INSTANTIATE_TEST_SUITE_P(
    Each, RefusedOption,
    ::testing::Values(Refused{{"--congestion", "nosuch"}, 3, "--congestion nosuch is not there: choose from "},
                      Refused{{"--device", "nosuch0"}, 3, "--device nosuch0: there is no such interface"},
                      Refused{{"--bind", "192.0.2.1"}, 3, "--bind 192.0.2.1: this machine has no such address"},
                      Refused{{"--bind", "here"}, 2, R"(--bind here: "here" is no numeric IPv4 address)"},
                      Refused{{"--flows", "4"}, 2, "--flows 4 with --poll block: "},
                      Refused{{"--raw", "/nonexistent/raw"}, 3, "cannot write /nonexistent/raw: "},
                      Refused{{"--workload", "stream", "--file", "/nonexistent"}, 4, "cannot read /nonexistent: "},
                      Refused{{"--workload", "stream", "--rate", "5"}, 2, "--rate is not for the workload stream"},
                      Refused{{"--workload", "message", "--size", "15"}, 2, "--size 15 is too small for the workload"},
                      Refused{{"--workload", "scan", "--count", "3"}, 2, "--count is not for the workload scan"},
                      Refused{{"--workload", "telnet", "--flows", "2"}, 2, "--flows is not for the workload telnet"},
                      Refused{{"--size", "64,65508"}, 2, "--size 65508 does not fit into a UDP datagram"},
                      Refused{{"--size", "1,2", "--flows", "1,2"}, 2, "--flows: a list, and --size has one, too"},
                      Refused{{"--flows", "1,4"}, 2, "--flows 4 with --poll block: a thread that blocks"}));

TEST_P(RefusedOption, IsOneSentenceThatSaysWhy) {
  std::vector<std::string> arguments{"compare", "--untraced", "--quick"};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  const auto finished = testing::sockscope(arguments);
  EXPECT_EQ(finished.status, GetParam().status);
  EXPECT_THAT(finished.err, StartsWith("sockscope: " + GetParam().message));
  EXPECT_EQ(std::ranges::count(finished.err, '\n'), 1) << finished.err;
  EXPECT_EQ(finished.out, "");
}

TEST(FlowSweep, ReportsEachNumberOfThem) {
  const Json sweep = measured({"--flows", "1,4", "--poll", "epoll", "--count", "40"});
  EXPECT_EQ(sweep.at("swept"), "flows");
  EXPECT_EQ(sweep.at("values"), (Json{1, 4}));
  EXPECT_EQ(sweep.at("reports").at(1).at("plan").at("flows"), "4 in 1 thread, waiting by epoll");
  EXPECT_EQ(sweep.at("series").at("udp").at(1).at("flows"), 4);
}

TEST(RateSweep, ReportsEachRate) {
  const Json sweep = measured({"--workload", "rate", "--rate", "500,2000", "--count", "20"});
  EXPECT_EQ(sweep.at("values"), (Json{500, 2'000}));
  EXPECT_EQ(sweep.at("reports").at(0).at("plan").at("rate"), "500 messages a second");
  EXPECT_EQ(sweep.at("reports").at(1).at("plan").at("rate"), "2000 messages a second");
}

TEST(SizeSweep, ReportsEachSize) {
  const Json sweep = measured({"--size", "64,1400", "--count", "20"});
  EXPECT_EQ(sweep.at("schema"), "sockscope.sweep/1");
  ASSERT_EQ(sweep.at("reports").size(), 2U);
  EXPECT_EQ(sweep.at("reports").at(0).at("plan").at("size"), "64 bytes");
  EXPECT_EQ(sweep.at("reports").at(1).at("plan").at("size"), "1400 bytes");
  for (const Json& report : sweep.at("reports")) EXPECT_EQ(untraced(report, "udp").at("rtt_ns").at("count"), 20);
}

/// The raw samples of a file, by "protocol name".
std::map<std::string, std::vector<std::uint64_t>> raw_samples(const std::filesystem::path& path) {
  std::map<std::string, std::vector<std::uint64_t>> samples;
  std::ifstream file(path);
  std::string protocol;
  std::string name;
  for (std::uint64_t ns = 0; file >> protocol >> name >> ns;) samples[protocol + " " + name].push_back(ns);
  for (auto& [key, values] : samples) std::ranges::sort(values);
  return samples;
}

/// Each percentile that is reported is within the histogram's bound of the exact one (nearest rank).
void expect_exact(const Json& distribution, const std::vector<std::uint64_t>& sorted) {
  ASSERT_EQ(distribution.at("count"), sorted.size());
  EXPECT_EQ(distribution.at("min"), sorted.front());
  EXPECT_EQ(distribution.at("max"), sorted.back());
  for (const auto& [key, quantile] : {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}) {
    const auto rank = static_cast<std::size_t>(std::ceil(quantile * static_cast<double>(sorted.size())));
    const auto exact = static_cast<double>(sorted.at(rank - 1));
    EXPECT_NEAR(distribution.at(key).get<double>(), exact, exact * Histogram::kMaxRelativeError) << key;
  }
}

TEST(RawSamples, AreWhatThePercentilesAreOf) {
  const Scratch scratch;
  const auto raw = scratch / "raw";
  const Json report = measured({"--count", "3000", "--raw", raw.string()});
  const auto samples = raw_samples(raw);
  ASSERT_EQ(samples.size(), 2U);
  expect_exact(untraced(report, "tcp").at("rtt_ns"), samples.at("tcp rtt"));
  expect_exact(untraced(report, "udp").at("rtt_ns"), samples.at("udp rtt"));
}

TEST(RawSamples, AreOfEveryTimeOfAWorkload) {
  const Scratch scratch;
  const auto raw = scratch / "raw";
  const Json report = measured({"--workload", "message", "--count", "300", "--rate", "5000", "--raw", raw.string()});
  const auto samples = raw_samples(raw);
  for (const char* protocol : {"tcp", "udp"}) {
    for (const char* name : {"one_way", "send_lateness"}) {
      expect_exact(untraced(report, protocol).at("times").at(std::string(name) + "_ns"),
                   samples.at(std::string(protocol) + " " + name));
    }
  }
}

TEST(EchoWorkload, OfSeveralFlowsAndThreadsCountsEveryRoundTrip) {
  for (const std::vector<std::string>& way : {std::vector<std::string>{"--flows", "7", "--poll", "poll"},
                                              {"--flows", "7", "--poll", "epoll"},
                                              {"--flows", "6", "--threads", "3", "--poll", "epoll"},
                                              {"--threads", "4"}}) {
    std::vector<std::string> arguments{"--count", "1000", "--warm-up", "50"};
    arguments.insert(arguments.end(), way.begin(), way.end());
    const Json report = measured(arguments);
    for (const char* protocol : {"tcp", "udp"}) {
      EXPECT_EQ(untraced(report, protocol).at("rtt_ns").at("count"), 1'000) << way.back() << " " << protocol;
    }
  }
}

TEST(EchoWorkload, ThatSpinsSwitchesHardlyEver) {
  const auto cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU alone";
  const Json report = measured({"--count", "2000", "--poll", "busy", "--cpus", fmt::format("{},{}", cpus[0], cpus[1])});
  for (const char* protocol : {"tcp", "udp"}) {
    EXPECT_EQ(untraced(report, protocol).at("rtt_ns").at("count"), 2'000);
    EXPECT_EQ(untraced(report, protocol).at("context_switches").at("client").at("voluntary"), 0);
  }
}

TEST(EchoWorkload, OfFlowsBeyondTheDescriptorLimitSaysSo) {
  const auto finished = testing::run({"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c",
                                      "ulimit -n 256; exec \"$0\" compare --untraced --quick --flows 1000 --poll poll",
                                      SOCKSCOPE_PROGRAM});
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become an ordinary user";
  EXPECT_EQ(finished.status, 3);
  EXPECT_EQ(finished.err,
            "sockscope: 1000 sockets need 1064 descriptors and this process may have 256: ulimit -n 1064 "
            "as root, or fewer of them\n");
}

// facts: p50 of 44 ms with Nagle's algorithm, some ten microseconds without it.
TEST(WriteWriteRead, StallsForFortyMillisecondsUnderNagleAndTheReportNamesIt) {
  const Json report = measured({"--pattern", "write-write-read", "--no-nodelay", "--size", "128", "--count", "30"});
  const std::uint64_t p50 = untraced(report, "tcp").at("rtt_ns").at("p50");
  EXPECT_GT(p50, 38'000'000U);
  EXPECT_LT(p50, 60'000'000U);
  ASSERT_EQ(report.at("findings").size(), 1U);
  EXPECT_EQ(report.at("findings").at(0).at("name"), "nagle-delayed-ack");
  EXPECT_EQ(report.at("findings").at(0).at("protocol"), "tcp");
  EXPECT_LT(untraced(report, "udp").at("rtt_ns").at("p50").get<std::uint64_t>(), 5'000'000U);
}

TEST(WriteWriteRead, DoesNotStallWithoutNagleNorWithQuickAcknowledgements) {
  for (const std::vector<std::string>& cure :
       {std::vector<std::string>{"--nodelay", "on"}, {"--no-nodelay", "--quickack"}}) {
    std::vector<std::string> arguments{"--pattern", "write-write-read", "--size", "128", "--count", "200"};
    arguments.insert(arguments.end(), cure.begin(), cure.end());
    const Json report = measured(arguments);
    EXPECT_FALSE(report.contains("findings")) << cure.back();
    EXPECT_LT(untraced(report, "tcp").at("rtt_ns").at("p50").get<std::uint64_t>(), 5'000'000U) << cure.back();
  }
}

TEST(MessageWorkload, IsOneSegmentAndOneAcknowledgementAMessage) {
  const Json report = measured({"--workload", "message", "--count", "200", "--rate", "2000"});
  const Json& tcp = untraced(report, "tcp");
  EXPECT_EQ(tcp.at("unit"), "message");
  EXPECT_EQ(tcp.at("units"), 200);
  EXPECT_EQ(tcp.at("counts").at("sent"), 200);
  EXPECT_EQ(tcp.at("counts").at("received"), 200);
  EXPECT_NEAR(tcp.at("counts").at("data_segments").get<double>(), 200, 10);
  // Each receive finds one message and acknowledges it; a busy machine may let one find two.
  EXPECT_NEAR(tcp.at("counts").at("acks").get<double>(), 200, 10);
  EXPECT_EQ(tcp.at("times").at("one_way_ns").at("count"), 200);
  const Json& udp = untraced(report, "udp");
  EXPECT_EQ(udp.at("counts").at("received"), 200);
  EXPECT_EQ(udp.at("counts").at("lost"), 0);
  expect_laws(report);
}

TEST(RateWorkload, KeepsItsRate) {
  const Json report = measured({"--workload", "rate", "--count", "1000", "--rate", "2000"});
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& numbers = untraced(report, protocol);
    EXPECT_EQ(numbers.at("counts").at("sent"), 1'000);
    EXPECT_EQ(numbers.at("rtt_ns").at("count"), 1'000);
    EXPECT_NEAR(numbers.at("measured_ns").get<double>(), 0.5e9, 0.02e9);
    EXPECT_EQ(numbers.at("rtt_ns").at("sum").get<std::uint64_t>(),
              numbers.at("times").at("service_time_ns").at("sum").get<std::uint64_t>() +
                  numbers.at("times").at("send_lateness_ns").at("sum").get<std::uint64_t>());
  }
}

TEST(StreamWorkload, BringsEveryByteOverTcpAndKeepsItsLawOverUdp) {
  const Json report = measured({"--workload", "stream", "--size", "1400", "--count", "20000"});
  const Json& tcp = untraced(report, "tcp");
  EXPECT_EQ(tcp.at("counts").at("bytes_sent"), 28'000'000);
  EXPECT_EQ(tcp.at("counts").at("bytes_received"), 28'000'000);
  EXPECT_TRUE(tcp.contains("goodput_bits_per_s"));
  const Json& udp = untraced(report, "udp").at("counts");
  EXPECT_EQ(udp.at("received").get<int>() + udp.at("lost").get<int>(), 20'000);
  ASSERT_EQ(report.at("laws").size(), 1U);
  expect_laws(report);
}

TEST(StreamWorkload, SendsAFile) {
  const Scratch scratch;
  std::ofstream(scratch / "file") << std::string(1'234'567, 'x');
  const Json report = measured({"--workload", "stream", "--size", "8192", "--file", (scratch / "file").string()});
  EXPECT_EQ(untraced(report, "tcp").at("counts").at("bytes_received"), 1'234'567);
  EXPECT_EQ(report.at("plan").at("amount").get<std::string>().substr(0, 1), "/");
}

TEST(ConnectWorkload, MakesAsManyConnections) {
  const Json report = measured({"--workload", "connect", "--count", "200"});
  for (const char* protocol : {"tcp", "udp"}) {
    EXPECT_EQ(untraced(report, protocol).at("units"), 200);
    EXPECT_EQ(untraced(report, protocol).at("times").at("connection_ns").at("count"), 200);
    EXPECT_EQ(untraced(report, protocol).at("rtt_ns").at("count"), 200);
  }
  EXPECT_EQ(untraced(report, "tcp").at("counts").at("time_wait_left"), 200);
}

TEST(ScanWorkload, KnowsEveryPort) {
  const Json report = measured({"--workload", "scan", "--ports", "40", "--seed", "5"});
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& counts = untraced(report, protocol).at("counts");
    EXPECT_EQ(counts.at("open"), 20) << protocol;
    EXPECT_EQ(counts.at("closed"), 20) << protocol;
    EXPECT_EQ(counts.at("wrong_verdicts"), 0) << protocol;
  }
  EXPECT_GE(untraced(report, "tcp").at("counts").at("resets").get<int>(), 20);
}

TEST(RelayWorkload, AlternatesDirectAndRelayedRoundTrips) {
  const Json report = measured({"--workload", "relay", "--count", "500", "--warm-up", "20"});
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& times = untraced(report, protocol).at("times");
    EXPECT_EQ(times.at("direct_ns").at("count"), 500);
    EXPECT_EQ(times.at("relayed_ns").at("count"), 500);
    for (const char* stage : {"hop_ns", "client_to_proxy_ns", "request_in_proxy_ns", "proxy_to_server_ns",
                              "in_server_ns", "server_to_proxy_ns", "response_in_proxy_ns", "proxy_to_client_ns"}) {
      EXPECT_EQ(times.at(stage).at("count"), 500) << stage;
    }
    EXPECT_EQ(untraced(report, protocol).at("counts").at("without_stages"), 0);
    EXPECT_GT(times.at("relayed_ns").at("p50").get<int>(), times.at("direct_ns").at("p50").get<int>());
  }
}

TEST(TelnetWorkload, TypesEveryKey) {
  const Json report = measured({"--workload", "telnet", "--size", "10", "--count", "30", "--warm-up", "2"});
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& numbers = untraced(report, protocol);
    EXPECT_EQ(numbers.at("counts").at("options_agreed"), 2);
    EXPECT_EQ(numbers.at("times").at("keystroke_ns").at("count"), 300);
    EXPECT_EQ(numbers.at("times").at("line_ns").at("count"), 30);
  }
}

// Where the stages cannot be followed, the report says so and is whole all the same.
TEST(KeptRunOfAWorkload, IsReportedAgainToTheByte) {
  const Scratch scratch;
  const auto directory = scratch / "run";
  const auto kept = testing::sockscope({"compare", "--untraced", "--rounds", "2", "--workload", "stream", "--count",
                                        "2000", "--format", "json", "--keep", directory.string()});
  ASSERT_EQ(kept.status, 0) << kept.err;
  EXPECT_EQ(testing::sockscope({"report", directory.string(), "--format", "json"}).out, kept.out);
}

}  // namespace
}  // namespace sockscope

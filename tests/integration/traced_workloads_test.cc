#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"

/// The traced rounds of every workload: what its sockets took is known beforehand, and counted by tracepoints.
namespace sockscope {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using testing::Json;
using ::testing::Le;
using testing::Scratch;

/// How many packets the end of a run may take besides: over UDP it is told again and again until it was heard.
constexpr std::uint64_t kEndOfRun = 20;

/// What `count` units of a workload take at either end, all together.
struct Expected {
  const char* workload;
  std::vector<std::string> options;
  std::uint64_t units;
  std::uint64_t tcp_data;  ///< Messages over TCP, each in a packet of its own.
  std::uint64_t udp_data;  ///< Datagrams, but for the end of the run.
  bool is_followed;
  std::map<std::string, int> exact;  ///< What else is known to one: by its place below "protocols".
};

std::string name_of_test(const ::testing::TestParamInfo<Expected>& info) {
  std::string name = info.param.workload;
  if (info.index != 0 && std::string(info.param.workload) == "echo") name += std::to_string(info.index);
  return name;
}

class TracedWorkload : public ::testing::TestWithParam<Expected> {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }

  void run() {
    std::vector<std::string> arguments{"compare", "--workload", GetParam().workload, "--rounds", "1",
                                       "--keep",  directory(),  "--format",          "json"};
    arguments.insert(arguments.end(), GetParam().options.begin(), GetParam().options.end());
    const auto finished = testing::sockscope(arguments);
    ASSERT_EQ(finished.status, 0) << finished.err;
    report_ = Json::parse(finished.out, nullptr, false);
  }

  [[nodiscard]] std::string directory() const { return (scratch_ / "run").string(); }

  [[nodiscard]] const Json& totals(const char* protocol) const {
    return report_.at("protocols").at(protocol).at("totals");
  }

  Scratch scratch_;
  Json report_;
};

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, TracedWorkload,
    ::testing::Values(Expected{"echo", {"--count", "300", "--flows", "3", "--poll", "poll"}, 300, 600, 600, true, {}},
                      Expected{"echo", {"--count", "300", "--flows", "2", "--threads", "2"}, 300, 600, 600, true, {}},
                      Expected{"echo", {"--count", "200", "--pattern", "write-write-read"}, 200, 600, 600, true, {}},
                      Expected{"message",
                               {"--count", "200"},
                               200,
                               200,
                               200,
                               true,
                               {{"/tcp/totals/data_skbs", 200}, {"/tcp/totals/copies", 200}}},
                      Expected{"rate",
                               {"--count", "300", "--rate", "3000"},
                               300,
                               600,
                               600,
                               true,
                               {{"/tcp/traced/rtt_ns/count", 300}, {"/udp/traced/rtt_ns/count", 300}}},
                      // Ten states each, and of the one connection that tells the end of the run.
                      Expected{"connect",
                               {"--count", "100"},
                               100,
                               200,
                               200,
                               true,
                               {{"/tcp/totals/socket_state_changes", 1010},
                                {"/tcp/totals/data_skbs", 200},
                                {"/tcp/traced/rtt_ns/count", 100},
                                {"/udp/traced/rtt_ns/count", 100},
                                {"/udp/totals/socket_state_changes", 0},
                                {"/udp/totals/copies", 200}}},
                      // Each of 16 characters and of the return key, there and back, and the answers to the options.
                      Expected{"telnet", {"--count", "10", "--size", "16"}, 10, 340, 340, true, {}},
                      Expected{"relay", {"--count", "100"}, 100, 600, 600, false, {{"/tcp/totals/data_skbs", 600}}},
                      // A closed port answers the first datagram by an ICMP error, an open one none of three.
                      Expected{"scan",
                               {"--ports", "40"},
                               40,
                               0,
                               80,
                               false,
                               {{"/tcp/totals/drops/NO_SOCKET", 20},
                                {"/udp/totals/drops/NO_SOCKET", 20},
                                {"/udp/totals/data_skbs", 20 + 3 * 20},
                                {"/udp/totals/skbs", 2 * 20 + 3 * 20}}}),
    name_of_test);

TEST_P(TracedWorkload, TakesWhatItHasToTake) {
  run();
  for (const Json& law : report_.at("laws")) EXPECT_TRUE(law.at("holds")) << law.dump();
  EXPECT_TRUE(report_.at("data_quality").at("complete"));
  const auto about = [](std::uint64_t count) { return AllOf(Ge(count), Le(count + kEndOfRun)); };
  EXPECT_THAT(totals("tcp").at("data_skbs").get<std::uint64_t>(), about(GetParam().tcp_data));
  EXPECT_THAT(totals("udp").at("data_skbs").get<std::uint64_t>(), about(GetParam().udp_data));
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& part = report_.at("protocols").at(protocol);
    EXPECT_EQ(part.at("per_unit").at("units"), GetParam().units) << protocol;
    EXPECT_EQ(part.at("traced").contains("matched"), GetParam().is_followed) << protocol;
    EXPECT_EQ(part.at("stages").empty(), !GetParam().is_followed) << protocol;
  }
  for (const auto& [place, value] : GetParam().exact) {
    EXPECT_EQ(report_.at("protocols").at(Json::json_pointer(place)), value) << place;
  }
  // The kept recordings say the same again, by the sockets that run.json has of them.
  const auto again = testing::sockscope({"report", directory(), "--format", "json"});
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out, nullptr, false).at("protocols"), report_.at("protocols"));
}

class TracedRun : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }

  static Json of(const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"compare", "--rounds", "1", "--format", "json", "--workload"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto finished = testing::sockscope(arguments);
    EXPECT_EQ(finished.status, 0) << finished.err;
    return Json::parse(finished.out, nullptr, false);
  }

  static const Json& totals(const Json& report, const char* protocol) {
    return report.at("protocols").at(protocol).at("totals");
  }

  /// Null if there is none of that name.
  static Json law(const Json& report, const std::string& name) {
    for (const Json& law : report.at("laws")) {
      if (law.at("name") == name) return law;
    }
    return nullptr;
  }
};

// Every byte is in a packet, whoever sends it: the call, an acknowledgement, BBR's timer. There is no such law of a run
// in which TCP sent something twice, as it may on a busy machine.
TEST_F(TracedRun, OfAStreamFindsEachByteInAPacket) {
  const auto available = testing::run({"sysctl", "-n", "net.ipv4.tcp_available_congestion_control"});
  for (const char* congestion : {"bbr", "cubic"}) {
    SCOPED_TRACE(congestion);
    if (!available.out.contains(congestion)) continue;
    Json bytes;
    for (int attempt = 0; attempt < 6 && bytes.is_null(); ++attempt) {
      bytes = law(of({"stream", "--count", "5000", "--size", "16384", "--congestion", congestion}),
                  "tcp: bytes in packets = headers + bytes sent");
    }
    EXPECT_TRUE(!bytes.is_null() && bytes.at("holds")) << bytes.dump();
  }
}

// By the event of the queue, by the event of the packet's end, and by the socket's own count.
TEST_F(TracedRun, OfAStreamOverUdpLosesTheSameByEveryAccount) {
  const Json report = of({"stream", "--count", "20000", "--size", "1448", "--receive-buffer", "20000"});
  const Json drops = law(report, "udp: datagrams dropped, trace = socket");
  EXPECT_TRUE(!drops.is_null() && drops.at("holds")) << drops.dump();
  const Json& udp = totals(report, "udp");
  EXPECT_GT(udp.at("receive_queue_drops").get<int>(), 0);
  EXPECT_EQ(udp.at("drops").at("SOCKET_RCVBUFF"), udp.at("receive_queue_drops"));
}

// One workload's rounds beside another one's: each counts its own.
TEST_F(TracedRun, CountsWithoutWhatOthersSendMeanwhile) {
  auto other = testing::start_sockscope({"compare", "--untraced", "--duration", "20", "--rounds", "1"});
  const Json report = of({"message", "--count", "100"});
  EXPECT_EQ(totals(report, "tcp").at("data_skbs"), 100);
  EXPECT_EQ(report.at("protocols").at("tcp").at("traced").at("messages"), 100);
}

}  // namespace
}  // namespace sockscope

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/cpu_list.h"
#include "tests/integration/sockscope_program.h"

/// The comparison itself, from real traces of real sockets: the integers that a correct harness must reproduce
/// (4 system calls, 2 skbs, 2 softirqs and 2 context switches a round trip), and the laws.
namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;
using testing::Scratch;

constexpr int kCount = 3'000;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Json compare(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"compare", "--rounds", "1", "--count", std::to_string(kCount), "--format", "json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto finished = testing::sockscope(arguments);
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(finished.err, "");
  return Json::parse(finished.out, nullptr, false);
}

void expect_integers(const Json& protocol) {
  const Json& counts = protocol.at("per_round_trip");
  EXPECT_NEAR(counts.at("syscalls").get<double>(), 4.0, 0.08);
  EXPECT_NEAR(counts.at("skbs").get<double>(), 2.0, 0.04);
  EXPECT_NEAR(counts.at("softirqs").get<double>(), 2.0, 0.04);
  EXPECT_NEAR(counts.at("context_switches").get<double>(), 2.0, 0.04);
}

void expect_laws(const Json& report) {
  EXPECT_EQ(report.at("laws").size(), 13U);
  for (const Json& law : report.at("laws")) EXPECT_TRUE(law.at("holds")) << law.dump();
}

/// The means of the stages, weighted with how many messages have them, are the mean round trip: to the nanosecond.
void expect_stages_add_up(const Json& protocol) {
  std::uint64_t sum = 0;
  for (const Json& stage : protocol.at("stages")) {
    sum += stage.at("sum_ns").get<std::uint64_t>();
    EXPECT_EQ(stage.at("count").get<int>() + stage.at("absent").get<int>(), kCount) << stage.dump();
  }
  EXPECT_EQ(sum, protocol.at("traced").at("rtt_ns").at("sum").get<std::uint64_t>());
  EXPECT_EQ(protocol.at("stages").size(), 13U);
}

class OneCpu : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }

  static const Json& report() {
    static const Json measured = compare({});
    return measured;
  }
};

TEST_F(OneCpu, ReproducesTheIntegersPerRoundTrip) {
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    expect_integers(report().at("protocols").at(protocol));
    // About 1 where the two ends have the CPU to themselves: the woken one preempts its waker, which is then still
    // runnable when the answer lands. A third task on that CPU brings it towards 2, one for each message.
    const double wakeups = report().at("protocols").at(protocol).at("per_round_trip").at("wakeups");
    EXPECT_GE(wakeups, 0.98);
    EXPECT_LE(wakeups, 2.02);
  }
}

TEST_F(OneCpu, FollowsEveryMessageAndItsStagesAddUp) {
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    const Json& traced = report().at("protocols").at(protocol).at("traced");
    EXPECT_EQ(traced.at("messages"), 2 * kCount);
    EXPECT_EQ(traced.at("matched"), 2 * kCount);
    EXPECT_EQ(traced.at("rtt_ns").at("count"), kCount);
    expect_stages_add_up(report().at("protocols").at(protocol));
  }
}

TEST_F(OneCpu, HoldsAllLawsAndLosesNothing) {
  expect_laws(report());
  EXPECT_EQ(report().at("data_quality").at("lost_events"), 0);
  EXPECT_EQ(report().at("data_quality").at("undecoded_events"), 0);
  EXPECT_EQ(report().at("data_quality").at("unmatched_messages"), 0);
}

TEST_F(OneCpu, MeasuresUntracedRoundTripsAndWhatTracingAdds) {
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    const Json& numbers = report().at("protocols").at(protocol);
    EXPECT_EQ(numbers.at("untraced").at("rtt_ns").at("count"), kCount);
    EXPECT_GT(numbers.at("tracing_cost").get<double>(), 1.2);
    // Twice the switches of one end: libperf counts both ends, each switching once a round trip.
    EXPECT_NEAR(numbers.at("untraced").at("counters").at("context-switches").get<double>(), 2.0 * kCount,
                0.02 * kCount);
  }
}

// Of a round trip: an event at each of the two sends, their packets' three stations, softirqs, wake-ups and receives.
// The other run records the packets' stations alone, three for each message.
TEST_F(OneCpu, TakesOffTheTimeOfTheEventsWhereTheyAre) {
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    const Json& effect = report().at("protocols").at(protocol).at("probe_effect");
    EXPECT_EQ(effect.at("pairs"), 1);
    EXPECT_NEAR(effect.at("nested_events").get<double>(), 6.0, 0.12);
    double events = 0;
    double traced_ns = 0;
    for (const Json& part : effect.at("parts")) {
      events += part.at("events").get<double>();
      traced_ns += part.at("traced_ns").get<double>();
      EXPECT_NEAR(
          part.at("corrected_ns").get<double>(),
          part.at("traced_ns").get<double>() - part.at("events").get<double>() * effect.at("event_ns").get<double>(),
          1e-3)
          << part.dump();
    }
    ASSERT_EQ(effect.at("parts").size(), 14U);
    for (const std::size_t message : {1U, 8U}) {
      EXPECT_NEAR(effect.at("parts").at(message).at("events").get<double>(), 1, 0.02) << "send";
      EXPECT_NEAR(effect.at("parts").at(message + 1).at("events").get<double>(), 1, 0.02) << "device";
      EXPECT_NEAR(effect.at("parts").at(message + 2).at("events").get<double>(), 2, 0.05) << "backlog";
    }
    EXPECT_NEAR(events, effect.at("events").get<double>(), 0.03 * events);
    EXPECT_NEAR(traced_ns, effect.at("traced_ns").get<double>(), 1e-3);
    EXPECT_EQ(effect.at("untraced_p50_ns"),
              report().at("protocols").at(protocol).at("untraced").at("rtt_ns").at("p50"));
  }
}

TEST(AcrossCpus, WakesTheOtherEndForEveryMessage) {
  SKIP_WITHOUT_TRACING();
  const auto cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU alone";
  const Json report = compare({"--cpus", std::to_string(cpus[0]) + "," + std::to_string(cpus[1])});
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    expect_integers(report.at("protocols").at(protocol));
    expect_stages_add_up(report.at("protocols").at(protocol));
    EXPECT_NEAR(report.at("protocols").at(protocol).at("per_round_trip").at("wakeups").get<double>(), 2.0, 0.2);
  }
  expect_laws(report);
}

TEST(LargeMessages, AreFollowedToTheirLastSegment) {
  SKIP_WITHOUT_TRACING();
  const Json report = compare({"--size", "65507"});
  for (const char* protocol : {"tcp", "udp"}) {
    SCOPED_TRACE(protocol);
    EXPECT_EQ(report.at("protocols").at(protocol).at("traced").at("matched"), 2 * kCount);
    expect_stages_add_up(report.at("protocols").at(protocol));
  }
}

TEST(KeptRun, IsReportedAgainToTheByte) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  const auto directory = scratch / "run";
  const auto kept =
      testing::sockscope({"compare", "--quick", "--count", "500", "--format", "json", "--keep", directory.string()});
  ASSERT_EQ(kept.status, 0) << kept.err;
  const auto again = testing::sockscope({"report", directory.string(), "--format", "json"});
  EXPECT_EQ(again.out, kept.out);
  EXPECT_EQ(content_of(directory / "summary.json"), kept.out);
}

TEST(Diff, SaysWhatAPollCostsAndThatOnlyThePlanDiffers) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  const auto kept = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words{"compare", "--rounds", "8", "--count", "300", "--keep", (scratch / name).string()};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(testing::sockscope(words).status, 0);
    return (scratch / name).string();
  };
  const auto differ = testing::sockscope({"diff", kept("a", {}), kept("b", {"--poll", "poll"}), "--format", "json"});
  ASSERT_EQ(differ.status, 0) << differ.err;
  const Json diff = Json::parse(differ.out, nullptr, false);
  EXPECT_EQ(diff.at("schema"), "sockscope.diff/1");
  EXPECT_EQ(diff.at("environment"), Json::array());
  ASSERT_EQ(diff.at("plan").size(), 1U) << diff.at("plan").dump();
  for (const char* protocol : {"tcp", "udp"}) {
    const Json& syscalls = diff.at("protocols").at(protocol).at("traced").at("syscalls");
    EXPECT_EQ(syscalls.at("verdict"), "a-fewer") << syscalls.dump();
    EXPECT_NEAR(syscalls.at("difference").get<double>(), -2, 0.1);
    EXPECT_EQ(diff.at("protocols").at(protocol).at("traced").at("skbs").at("verdict"), "no-difference");
  }
}

TEST(Record, LeavesARunThatReportReads) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  const auto directory = scratch / "run";
  const auto recorded = testing::sockscope({"record", "--proto", "udp", "--count", "500", directory.string()});
  ASSERT_EQ(recorded.status, 0) << recorded.err;
  const auto of_run = testing::sockscope({"report", directory.string(), "--format", "json"});
  const Json run = Json::parse(of_run.out, nullptr, false);
  EXPECT_EQ(run.at("schema"), "sockscope.report/1");
  EXPECT_EQ(run.at("protocols").at("udp").at("traced").at("matched"), 1000);
  // The recording alone, as anyone's: the flow has to be found by its sockets.
  const auto of_file = testing::sockscope({"report", (directory / "udp-1.perf.data").string(), "--format", "json"});
  const Json file = Json::parse(of_file.out, nullptr, false);
  EXPECT_EQ(file.at("protocols").at("udp").at("traced").at("matched"), 1000);
  EXPECT_EQ(file.at("protocols").at("udp").at("traced").at("rtt_ns"),
            run.at("protocols").at("udp").at("traced").at("rtt_ns"));
}

}  // namespace
}  // namespace sockscope

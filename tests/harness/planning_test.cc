#include "harness/planning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

const std::vector<int> kCpus{2, 3, 5};
constexpr std::array kTcpAlone{Protocol::kTcp};

Result<RunPlan> plan(const MeasureOptions& options, bool with_traced = true) {
  return make_plan(options, kProtocols, with_traced, kCpus);
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
  EXPECT_EQ(made->rounds, 5U);
  EXPECT_THAT(made->steps, SizeIs(30));  // 5 rounds of 2 protocols, untraced, counted and traced
  EXPECT_EQ(made->workload.size, 64U);
  EXPECT_EQ(made->workload.count, 10'000U);
  EXPECT_FALSE(made->workload.duration);
  EXPECT_EQ(made->workload.warm_up, 1'000U);
  EXPECT_EQ(made->workload.port, 0);
  EXPECT_EQ(made->workload.receive_timeout, std::chrono::seconds{1});
}

TEST(MakePlan, PutsBothEndsOnTheFirstAllowedCpu) {
  const auto made = plan({});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->workload.client_cpu, 2);
  EXPECT_EQ(made->workload.server_cpu, 2);
}

TEST(MakePlan, QuickIsOneRoundOf5000) {
  const auto made = plan({.quick = true});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 1U);
  EXPECT_EQ(made->workload.count, 5'000U);
  EXPECT_THAT(made->steps, SizeIs(6));
}

TEST(MakePlan, QuickGivesWayToACountAndToRounds) {
  const auto made = plan({.count = 7, .rounds = 3, .quick = true});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rounds, 3U);
  EXPECT_EQ(made->workload.count, 7U);
}

TEST(MakePlan, TakesOverWhatIsAskedFor) {
  const auto made = plan({.size = 1400, .count = 77, .warm_up = 5, .cpus = "3,5", .port = 5000, .timeout_ms = 250});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->workload.size, 1400U);
  EXPECT_EQ(made->workload.count, 77U);
  EXPECT_EQ(made->workload.warm_up, 5U);
  EXPECT_EQ(made->workload.client_cpu, 3);
  EXPECT_EQ(made->workload.server_cpu, 5);
  EXPECT_EQ(made->workload.port, 5000);
  EXPECT_EQ(made->workload.receive_timeout, std::chrono::milliseconds{250});
}

TEST(MakePlan, ADurationReplacesTheCount) {
  const auto made = plan({.duration_s = 0.25});
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->workload.duration, std::chrono::milliseconds{250});
  EXPECT_EQ(made->workload.count, 1'000'000'000U) << "which no run reaches within an hour";
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

TEST(MakePlan, AllowsThatSizeOverTcpAlone) { EXPECT_TRUE(make_plan({.size = 65'536}, kTcpAlone, true, kCpus)); }

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

TEST(TitleOf, SaysWhatIsMeasuredWhereAndHowOften) {
  EXPECT_EQ(title_of(*plan({})), "echo of 64 bytes, both ends on CPU 2, 5 rounds of 10000 round trips");
  EXPECT_EQ(title_of(*plan({.size = 1, .count = 3, .rounds = 1, .cpus = "5,3"})),
            "echo of 1 bytes, client on CPU 5, server on CPU 3, 1 round of 3 round trips");
  EXPECT_EQ(title_of(*plan({.duration_s = 1.5})), "echo of 64 bytes, both ends on CPU 2, 5 rounds of 1.5 s");
}

TEST(FactsOf, APlanAreItsNumbers) {
  EXPECT_THAT(
      facts_of(*plan({.rounds = 2})),
      ElementsAre(Pair("workload", "echo"), Pair("size", "64 bytes"),
                  Pair("amount", "10000 round trips a run, after 1000 to warm up"),
                  Pair("placement", "both ends on CPU 2"), Pair("rounds", "2, protocols and tracing alternating")));
}

}  // namespace
}  // namespace sockscope

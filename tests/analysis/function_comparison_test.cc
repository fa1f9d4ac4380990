#include "analysis/function_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace sockscope {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Hits = std::vector<std::pair<std::string_view, std::uint64_t>>;

/// A run of 100 messages in which each function is in so many chains of its own.
FunctionRun run_of(const Hits& hits, std::uint64_t messages = 100) {
  FunctionRun run(1, messages);
  for (const auto& [function, samples] : hits) {
    const std::vector<std::string_view> chain{"thread", function, "event"};
    run.add(chain, samples);
  }
  return run;
}

std::vector<std::string> names_of(const std::vector<ComparedFunction>& functions) {
  std::vector<std::string> names;
  names.reserve(functions.size());
  for (const ComparedFunction& function : functions) names.push_back(function.name);
  return names;
}

using Rounds = std::initializer_list<std::uint64_t>;

/// Rounds of A and of B in which one function has so many hits in as many messages each.
FunctionComparison of_one(Rounds a, Rounds b, const FunctionRule& rule = {}, std::uint64_t messages = 100) {
  std::vector<FunctionRun> runs_a;
  std::vector<FunctionRun> runs_b;
  for (const std::uint64_t hits : a) runs_a.push_back(run_of({{"f", hits}}, messages));
  for (const std::uint64_t hits : b) runs_b.push_back(run_of({{"f", hits}}, messages));
  return compare_functions(runs_a, runs_b, rule);
}

/// Which list it came into: "a", "b", "both", "differs", "unsettled", "rare".
std::string place_of(const FunctionComparison& comparison) {
  std::string place;
  if (!comparison.only_a.empty()) place += "a";
  if (!comparison.only_b.empty()) place += "b";
  if (!comparison.both.empty()) place += comparison.both[0].differs ? "differs" : "both";
  if (!comparison.unsettled.empty()) place += "unsettled";
  if (comparison.rare.functions != 0) place += "rare";
  return place;
}

TEST(CompareFunctions, TellsWhatOnlyOneHasAndWhatBothHave) {
  const std::vector a{run_of({{"tcp_ack", 200}, {"tcp_sendmsg", 700}, {"ip_output", 800}}),
                      run_of({{"tcp_ack", 204}, {"tcp_sendmsg", 704}, {"ip_output", 808}}),
                      run_of({{"tcp_ack", 202}, {"tcp_sendmsg", 702}, {"ip_output", 804}})};
  const std::vector b{run_of({{"udp_sendmsg", 300}, {"ip_output", 400}}),
                      run_of({{"udp_sendmsg", 304}, {"ip_output", 402}}),
                      run_of({{"udp_sendmsg", 302}, {"ip_output", 401}})};
  const FunctionComparison compared = compare_functions(a, b, {});
  EXPECT_THAT(names_of(compared.only_a), ElementsAre("tcp_sendmsg", "tcp_ack"));
  EXPECT_THAT(names_of(compared.only_b), ElementsAre("udp_sendmsg"));
  ASSERT_THAT(names_of(compared.both), ElementsAre("ip_output"));
  EXPECT_THAT(compared.only_a[0].rates, ElementsAre(DoubleEq(7.02), 0));
  EXPECT_NEAR(compared.only_a[0].floor, 0.06, 1e-12);
  EXPECT_EQ(compared.only_a[0].ratio(), std::nullopt);
  const ComparedFunction& both = compared.both[0];
  EXPECT_THAT(both.rates, ElementsAre(DoubleEq(8.04), DoubleEq(4.01)));
  EXPECT_NEAR(both.floor, 0.12, 1e-12);  // of A: 1.5 * (8.08 - 8.00)
  EXPECT_NEAR(both.ratio().value_or(0), 8.04 / 4.01, 1e-12);
  EXPECT_TRUE(both.differs);
  EXPECT_EQ(compared.differing(), 1U);
}

TEST(CompareFunctions, TakesTheMeanOverMessagesAndNotOverRounds) {
  const std::vector a{run_of({{"f", 100}}, 100), run_of({{"f", 700}}, 300), run_of({{"f", 200}}, 100)};
  const FunctionComparison compared = compare_functions(a, a, {});
  EXPECT_THAT(compared.both[0].rates, ElementsAre(2, 2));  // 1,000 / 500
  EXPECT_NEAR(compared.both[0].floor, 2, 1e-12);           // 1.5 * (700 / 300 - 1)
}

TEST(CompareFunctions, CountsAFunctionFromTheRateOn) {
  EXPECT_EQ(place_of(of_one({20, 20, 20}, {0, 0, 0})), "a");
  EXPECT_EQ(place_of(of_one({20, 19, 20}, {0, 0, 0})), "rare");
  EXPECT_EQ(place_of(of_one({0, 0, 0}, {20, 20, 20})), "b");
  EXPECT_EQ(place_of(of_one({20, 20, 20}, {0, 0, 0}, {.min_rate = 0.3})), "rare");
}

TEST(CompareFunctions, CallsAbsentWhatHasLessThanATenthOfTheRate) {
  EXPECT_EQ(place_of(of_one({100, 100, 100}, {1, 2, 2})), "a");
  EXPECT_EQ(place_of(of_one({100, 100, 100}, {2, 2, 2})), "differs");
}

TEST(CompareFunctions, HoldsEachDifferenceAgainstTheFloor) {
  // Rounds differ by 32 / 128: a difference of half as much again, 48 / 128, is none, and one of 49 / 128 is.
  EXPECT_EQ(place_of(of_one({128, 128, 128}, {160, 176, 192}, {}, 128)), "both");
  EXPECT_EQ(place_of(of_one({128, 128, 128}, {161, 177, 193}, {}, 128)), "differs");
  EXPECT_EQ(place_of(of_one({160, 176, 192}, {128, 128, 128}, {}, 128)), "both");
  EXPECT_EQ(place_of(of_one({161, 177, 193}, {128, 128, 128}, {}, 128)), "differs");
}

TEST(CompareFunctions, CountsADifferenceFromTheRateOn) {
  EXPECT_EQ(place_of(of_one({1000, 1000, 1000}, {1019, 1019, 1019})), "both");
  EXPECT_EQ(place_of(of_one({1000, 1000, 1000}, {1021, 1021, 1021})), "differs");
}

// Freed in whoever's softirq comes by: 0.004 hits a message in one run, 0.91 in the next.
TEST(CompareFunctions, SetsAsideWhatComesAndGoesByItself) {
  const FunctionComparison compared = of_one({0, 91, 0}, {0, 0, 0});
  EXPECT_EQ(place_of(compared), "unsettled");
  EXPECT_FALSE(compared.unsettled[0].differs);
  EXPECT_NEAR(compared.unsettled[0].floor, 1.365, 1e-12);
}

// Segments that come together share an acknowledgement: rounds of TCP differ by more than TCP has on average.
TEST(CompareFunctions, TellsWhatEveryRoundOfOneHasHoweverMuch) {
  const FunctionComparison compared = of_one({5, 91, 40}, {0, 1, 0});
  EXPECT_EQ(place_of(compared), "a");
  EXPECT_NEAR(compared.only_a[0].floor, 1.29, 1e-12);
  EXPECT_TRUE(compared.only_a[0].differs);
  EXPECT_EQ(place_of(of_one({0, 1, 0}, {5, 91, 40})), "b");
  EXPECT_EQ(place_of(of_one({1, 91, 40}, {0, 1, 0})), "unsettled");
}

TEST(CompareFunctions, TellsTheSameFromItselfByNothing) {
  const std::vector a{run_of({{"f", 100}, {"g", 50}, {"h", 3}}), run_of({{"f", 140}, {"g", 50}}),
                      run_of({{"f", 120}, {"g", 51}})};
  const std::vector b{run_of({{"f", 138}, {"g", 50}}), run_of({{"f", 104}, {"g", 51}}),
                      run_of({{"f", 110}, {"g", 50}})};
  const FunctionComparison compared = compare_functions(a, b, {});
  EXPECT_THAT(compared.only_a, IsEmpty());
  EXPECT_THAT(compared.only_b, IsEmpty());
  EXPECT_EQ(compared.differing(), 0U);
  EXPECT_THAT(names_of(compared.both), ElementsAre("f", "g"));
  EXPECT_EQ(compared.rare.functions, 1U);
  EXPECT_THAT(compared.rare.rates, ElementsAre(0.01, 0));
}

TEST(CompareFunctions, KnowsNoFloorOfTwoRounds) {
  const FunctionComparison compared = of_one({500, 500}, {0, 0, 0});
  EXPECT_EQ(place_of(compared), "unsettled");
  EXPECT_TRUE(std::isinf(compared.unsettled[0].floor));
}

TEST(CompareFunctions, IgnoresRunsWithoutMessages) {
  const std::vector a{run_of({{"f", 100}}), run_of({{"f", 100}}), run_of({{"f", 100}}), run_of({{"f", 77}}, 0)};
  const std::vector b{run_of({{"f", 100}}), run_of({{"f", 100}}), run_of({{"f", 100}})};
  const FunctionComparison compared = compare_functions(a, b, {});
  EXPECT_THAT(compared.both[0].rates, ElementsAre(1, 1));
  EXPECT_EQ(compared.both[0].floor, 0);
  EXPECT_EQ(place_of(compare_functions({}, {}, {})), "");
}

TEST(CompareFunctions, CountsWhatIsLeftOut) {
  const std::vector a{run_of({{"perf_trace_x", 30}, {"trace_call_bpf", 10}, {"bpf_prog_1_x", 1}}), run_of({})};
  const std::vector b{run_of({{"perf_trace_x", 50}}), run_of({})};
  const FunctionComparison compared = compare_functions(a, b, {});
  EXPECT_EQ(compared.tracing.functions, 2U);
  EXPECT_THAT(compared.tracing.rates, ElementsAre(DoubleEq(0.2), DoubleEq(0.25)));
  ASSERT_THAT(names_of(compared.bpf_programs), ElementsAre("bpf_prog_1_x"));
  EXPECT_THAT(compared.bpf_programs[0].rates, ElementsAre(0.005, 0));
}

TEST(CompareStacks, HasEachChainInBoth) {
  const std::vector a{run_of({{"f", 100}, {"g", 10}}), run_of({{"f", 300}})};
  const std::vector b{run_of({{"f", 50}})};
  const auto stacks = compare_stacks(a, b);
  ASSERT_EQ(stacks.size(), 2U);
  EXPECT_THAT(stacks[0].frames, ElementsAre("thread", "f", "event"));
  EXPECT_THAT(stacks[0].rates, ElementsAre(2, 0.5));
  EXPECT_THAT(stacks[1].frames, ElementsAre("thread", "g", "event"));
  EXPECT_THAT(stacks[1].rates, ElementsAre(0.05, 0));
}

}  // namespace
}  // namespace sockscope

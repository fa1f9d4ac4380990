#include "analysis/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace sockscope::testing {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Optional;

constexpr std::array kSteadyTimes{2000., 2010., 1990., 2020., 1980., 2000., 2005., 1995.};

GateFigure count(const std::string& name, std::vector<double> runs) {
  return {.name = name, .variant = name.substr(0, name.find('.')), .is_traced = true, .runs = std::move(runs)};
}

GateFigure time(const std::string& name, double factor = 1, std::size_t runs = kSteadyTimes.size()) {
  GateFigure figure{.name = name,
                    .variant = name.substr(0, name.find('.')),
                    .figure_class = FigureClass::kTime,
                    .runs = {kSteadyTimes.begin(), kSteadyTimes.begin() + static_cast<std::ptrdiff_t>(runs)}};
  for (double& run : figure.runs) run *= factor;
  figure.bases.assign(runs, 1000);
  return figure;
}

Baseline baseline_of(const std::vector<GateFigure>& figures) {
  Baseline baseline;
  for (const GateFigure& figure : figures) baseline.figures.push_back({figure, std::nullopt});
  return baseline;
}

GateResult judge_one(const GateFigure& before, const GateFigure& now, const GateRule& rule = {}) {
  const std::array figures{now};
  return judge(baseline_of({before}), figures, rule);
}

TEST(JudgeCount, IsUnchangedWithinItsTolerance) {
  const GateResult result = judge_one(count("tcp.syscalls", {4.001}), count("tcp.syscalls", {4.02, 4.02, 9}));
  EXPECT_EQ(result.verdict, GateVerdict::kUnchanged);
  EXPECT_EQ(result.figures[0].reason, "+0.019, tolerance 0.020");
  EXPECT_THAT(result.reasons, ElementsAre());
}

TEST(JudgeCount, IsRegressedBeyondIt) {
  const GateResult result = judge_one(count("tcp.syscalls", {4.001}), count("tcp.syscalls", {4.03}));
  EXPECT_EQ(result.verdict, GateVerdict::kRegressed);
  EXPECT_THAT(result.reasons,
              ElementsAre("tcp.syscalls: 4.030 where the baseline has 4.001 (+0.029, tolerance 0.020)"));
}

TEST(JudgeCount, IsBetterBelowIt) {
  EXPECT_EQ(judge_one(count("tcp.syscalls", {4}), count("tcp.syscalls", {3})).verdict, GateVerdict::kBetter);
}

TEST(JudgeCount, LeavesWakeUpsTheRoomThatAThirdProgramTakes) {
  EXPECT_EQ(judge_one(count("tcp.wakeups", {0.98}), count("tcp.wakeups", {2.02})).verdict, GateVerdict::kUnchanged);
  EXPECT_EQ(judge_one(count("tcp.wakeups", {0.98}), count("tcp.wakeups", {2.2})).verdict, GateVerdict::kRegressed);
}

TEST(JudgeCount, TakesTheSpreadOfFiveIdenticalRunsAsTolerance) {
  const std::vector<double> runs{0.30, 0.32, 0.31, 0.40, 0.35};
  EXPECT_EQ(judge_one(count("tcp.skbs", runs), count("tcp.skbs", {0.41})).verdict, GateVerdict::kUnchanged);
  EXPECT_EQ(judge_one(count("tcp.skbs", runs), count("tcp.skbs", {0.43})).verdict, GateVerdict::kRegressed);
  const std::vector<double> four(runs.begin(), runs.end() - 1);
  EXPECT_EQ(judge_one(count("tcp.skbs", four), count("tcp.skbs", {0.41})).verdict, GateVerdict::kRegressed);
}

TEST(JudgeCount, TakesTheSelfTestsToleranceOverAll) {
  Baseline baseline = baseline_of({count("tcp.syscalls", {4, 5, 4, 4, 4})});
  baseline.figures[0].limit = 0.5;
  const std::array now{count("tcp.syscalls", {4.6})};
  EXPECT_EQ(judge(baseline, now, {}).verdict, GateVerdict::kRegressed);
}

TEST(JudgeTime, IsUnchangedIfTheIntervalExcludesTheEffect) {
  const GateResult result = judge_one(time("tcp.rtt_p50/calibration"), time("tcp.rtt_p50/calibration", 1.02));
  EXPECT_EQ(result.verdict, GateVerdict::kUnchanged);
  EXPECT_EQ(result.figures[0].reason, "1.020 times the baseline's [1.012, 1.028]: no 5.0 % more");
  EXPECT_THAT(result.figures[0].before_value, Optional(DoubleEq(1.992)));
}

TEST(JudgeTime, IsRegressedOnlyIfTheWholeIntervalLiesBeyondTheEffect) {
  const GateFigure before = time("tcp.rtt_p50/calibration");
  EXPECT_EQ(judge_one(before, time("tcp.rtt_p50/calibration", 1.07)).verdict, GateVerdict::kRegressed);
  EXPECT_EQ(judge_one(before, time("tcp.rtt_p50/calibration", 1.055)).verdict, GateVerdict::kCannotTell);
  EXPECT_EQ(judge_one(before, time("tcp.rtt_p50/calibration", 1.07), {.min_effect = 0.1}).verdict,
            GateVerdict::kUnchanged);
}

TEST(JudgeTime, IsBetterIfItLiesBelow) {
  const GateFigure before = time("tcp.rtt_p50/calibration");
  EXPECT_EQ(judge_one(before, time("tcp.rtt_p50/calibration", 0.9)).verdict, GateVerdict::kBetter);
  EXPECT_EQ(judge_one(before, time("tcp.rtt_p50/calibration", 0.96)).verdict, GateVerdict::kUnchanged);
}

TEST(JudgeTime, CannotTellOfAMachineThatWasBusyNowOrThen) {
  Baseline baseline = baseline_of({time("tcp.rtt_p50/calibration")});
  const std::array slower{time("tcp.rtt_p50/calibration", 1.2)};
  const std::array faster{time("tcp.rtt_p50/calibration", 0.8)};
  EXPECT_EQ(judge(baseline, slower, {.disturbed = 0.25}).verdict, GateVerdict::kRegressed);
  EXPECT_EQ(judge(baseline, slower, {.disturbed = 0.3}).verdict, GateVerdict::kCannotTell);
  EXPECT_EQ(judge(baseline, faster, {.disturbed = 0.3}).verdict, GateVerdict::kCannotTell);
  baseline.disturbed = 0.5;
  const GateResult result = judge(baseline, slower, {});
  EXPECT_EQ(result.verdict, GateVerdict::kCannotTell);
  EXPECT_THAT(result.reasons, ElementsAre(::testing::EndsWith(", but other programs disturbed 50 % of the rounds")));
  // Counts do not depend on how busy it was.
  const std::array more{count("tcp.syscalls", {5})};
  Baseline of_count = baseline_of({count("tcp.syscalls", {4})});
  of_count.disturbed = 1;
  EXPECT_EQ(judge(of_count, more, {.disturbed = 1}).verdict, GateVerdict::kRegressed);
}

TEST(JudgeTime, SaysWhatItCouldNotTell) {
  GateFigure noisy = time("tcp.rtt_p50/calibration");
  noisy.runs = {1500, 2500, 1600, 2400, 1900, 2100, 2000, 2300};
  const GateResult result = judge_one(time("tcp.rtt_p50/calibration"), noisy);
  EXPECT_EQ(result.verdict, GateVerdict::kCannotTell);
  EXPECT_THAT(result.reasons, ElementsAre("tcp.rtt_p50/calibration: 0.863 times the baseline's [0.753, 1.064]: too "
                                          "noisy to exclude 5.0 % more"));
}

TEST(JudgeTime, LeavesItToTheCountsWhereThereAreTooFewRuns) {
  const Baseline baseline = baseline_of({count("tcp.syscalls", {4}), time("tcp.rtt_p50/calibration", 1, 3)});
  const std::array now{count("tcp.syscalls", {4}), time("tcp.rtt_p50/calibration", 2, 3)};
  const GateResult result = judge(baseline, now, {});
  EXPECT_EQ(result.verdict, GateVerdict::kUnchanged);
  EXPECT_EQ(result.figures[1].verdict, GateVerdict::kCannotTell);
  EXPECT_EQ(result.figures[1].reason, "3 runs against 3 are too few for an interval: the counts alone decide");
}

TEST(JudgeTime, ExcusesWhoLostOnAnotherThatGotBetter) {
  const Baseline baseline =
      baseline_of({time("tcp.rtt_p50/calibration"), time("tcp.rtt_p50/udp"), time("udp.rtt_p50/calibration")});
  const std::array gain{time("tcp.rtt_p50/calibration"), time("tcp.rtt_p50/udp", 1.2),
                        time("udp.rtt_p50/calibration", 1 / 1.2)};
  const std::array loss{time("tcp.rtt_p50/calibration"), time("tcp.rtt_p50/udp", 1.2), time("udp.rtt_p50/calibration")};
  EXPECT_EQ(judge(baseline, gain, {}).verdict, GateVerdict::kBetter);
  EXPECT_EQ(judge(baseline, loss, {}).verdict, GateVerdict::kRegressed);
}

TEST(Judge, PutsRedBeforeWhatItCouldNotTell) {
  const Baseline baseline = baseline_of({count("tcp.syscalls", {4}), count("udp.syscalls", {4})});
  const std::array now{count("tcp.syscalls", {5})};
  const GateResult result = judge(baseline, now, {});
  EXPECT_EQ(result.verdict, GateVerdict::kRegressed);
  EXPECT_EQ(result.figures[1].reason, "not measured now");
}

TEST(Judge, SaysWhyAFigureOfTheTraceIsMissing) {
  const std::array doubts{GateDoubt{"udp", "12 events were lost"}};
  std::vector<GateFigure> now{count("tcp.syscalls", {4}), count("udp.syscalls", {5}), time("udp.rtt_p50/calibration")};
  drop_doubtful(now, doubts);
  const Baseline baseline =
      baseline_of({count("tcp.syscalls", {4}), count("udp.syscalls", {4}), time("udp.rtt_p50/calibration")});
  const GateResult result = judge(baseline, now, {.doubts = doubts});
  EXPECT_EQ(result.verdict, GateVerdict::kCannotTell);
  EXPECT_THAT(result.reasons, ElementsAre("udp.syscalls: 12 events were lost"));
  EXPECT_EQ(result.figures[2].verdict, GateVerdict::kUnchanged);
}

TEST(Judge, CannotTellWithoutFigures) {
  const GateResult result = judge({}, {}, {});
  EXPECT_EQ(result.verdict, GateVerdict::kCannotTell);
  EXPECT_THAT(result.reasons, ElementsAre("the baseline holds no figure"));
}

TEST(Confirmed, TakesRedTwiceOfTheSameFigure) {
  const Baseline baseline = baseline_of({count("tcp.syscalls", {4}), count("udp.syscalls", {4})});
  const std::array red_tcp{count("tcp.syscalls", {5}), count("udp.syscalls", {4})};
  const std::array red_udp{count("tcp.syscalls", {4}), count("udp.syscalls", {5})};
  const GateResult first = judge(baseline, red_tcp, {});
  EXPECT_EQ(confirmed(judge(baseline, red_tcp, {}), first).verdict, GateVerdict::kRegressed);
  const GateResult other = confirmed(judge(baseline, red_udp, {}), first);
  EXPECT_EQ(other.verdict, GateVerdict::kCannotTell);
  EXPECT_THAT(other.reasons, ElementsAre("udp.syscalls: 5.000 where the baseline has 4.000 (+1.000, tolerance 0.020), "
                                         "but only since the last measurement: not confirmed"));
}

TEST(GateVerdict, HasTheWordsOfTheIssue) {
  EXPECT_EQ(name_of(GateVerdict::kUnchanged), "unchanged");
  EXPECT_EQ(name_of(GateVerdict::kBetter), "better");
  EXPECT_EQ(name_of(GateVerdict::kRegressed), "regressed");
  EXPECT_EQ(name_of(GateVerdict::kCannotTell), "cannot-tell");
}

}  // namespace
}  // namespace sockscope::testing

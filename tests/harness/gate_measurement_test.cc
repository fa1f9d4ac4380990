#include "harness/gate_measurement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sockscope {
namespace {

using ::testing::ElementsAre;

Summary measured() {
  Summary summary;
  summary.mode = "traced";
  summary.title = "echo";
  for (const Protocol protocol : {Protocol::kTcp, Protocol::kUdp}) {
    VariantSummary variant{.variant = variant_of(protocol), .untraced = {}, .traced = {}};
    variant.runs.push_back({.round = 1, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", 1000}}});
    variant.runs.push_back({.round = 1, .watched = Watched::kTraced, .values = {{"syscalls", 4}}});
    summary.variants.push_back(std::move(variant));
  }
  return summary;
}

std::vector<std::string> names_of(const GateMeasurement& measurement) {
  std::vector<std::string> names;
  for (const GateFigure& figure : measurement.figures) names.push_back(figure.name);
  return names;
}

TEST(GateMeasurement, HasTheFiguresOfASummary) {
  const GateMeasurement measurement = gate_measurement(measured());
  EXPECT_THAT(names_of(measurement), ElementsAre("tcp.syscalls", "udp.syscalls", "tcp.rtt_p50/udp"));
  EXPECT_TRUE(measurement.doubts.empty());
  EXPECT_EQ(measurement.variants.size(), 2U);
}

TEST(GateMeasurement, CountsWhatWasLost) {
  Summary summary = measured();
  summary.variants[1].untraced.emplace();
  for (int i = 0; i < 3; ++i) summary.variants[1].untraced->rtt.record(1000);
  summary.variants[1].untraced->lost = 1;
  const GateMeasurement measurement = gate_measurement(summary);
  const GateFigure expected{.name = "udp.lost", .variant = "udp", .runs = {0.25}};
  ASSERT_FALSE(measurement.figures.empty());
  EXPECT_EQ(measurement.figures.front(), expected);
}

TEST(GateMeasurement, TakesTheCalibrationAsAVariant) {
  Summary summary = measured();
  summary.calibration.emplace().runs = {{.round = 1, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", 500}}}};
  EXPECT_THAT(names_of(gate_measurement(summary)),
              ElementsAre("tcp.syscalls", "udp.syscalls", "tcp.rtt_p50/calibration", "tcp.rtt_p50/udp",
                          "udp.rtt_p50/calibration"));
}

TEST(GateMeasurement, SaysWhichPartOfTheUntracedRoundsWasDisturbed) {
  Summary summary = measured();
  EXPECT_EQ(gate_measurement(summary).disturbed, 0);
  for (VariantSummary& variant : summary.variants) {
    for (unsigned round = 2; round <= 4; ++round) {
      variant.runs.push_back({.round = round, .watched = Watched::kUntraced, .values = {{"rtt_p50_ns", 1000}}});
    }
  }
  summary.disturbed = {{.round = 1, .watched = Watched::kUntraced, .by = {}, .is_repeated = true},
                       {.round = 1, .watched = Watched::kUntraced, .by = {}, .is_repeated = false},
                       {.round = 2, .watched = Watched::kTraced, .by = {}, .is_repeated = false}};
  EXPECT_EQ(gate_measurement(summary).disturbed, 0.25);
}

TEST(GateMeasurement, DropsCountsOfALossyTrace) {
  Summary summary = measured();
  summary.data_quality.lost_events = 12;
  const GateMeasurement measurement = gate_measurement(summary);
  EXPECT_THAT(names_of(measurement), ElementsAre("tcp.rtt_p50/udp"));
  EXPECT_EQ(measurement.doubts.at(0).reason, "12 events were lost");
}

TEST(GateMeasurement, DropsThoseOfAVariantWhoseLawFails) {
  Summary summary = measured();
  summary.laws.push_back({.name = "udp: skbs", .holds = false, .detail = "2 and 3", .variant = "udp"});
  EXPECT_THAT(names_of(gate_measurement(summary)), ElementsAre("tcp.syscalls", "tcp.rtt_p50/udp"));
  EXPECT_EQ(gate_measurement(summary).doubts.at(0).reason, "a law fails, udp: skbs: 2 and 3");
  summary.laws[0].concerns = Figures::kStages;
  EXPECT_THAT(names_of(gate_measurement(summary)), ElementsAre("tcp.syscalls", "udp.syscalls", "tcp.rtt_p50/udp"));
}

TEST(GateMeasurement, SaysWhyThereIsNoTrace) {
  Summary summary = measured();
  summary.mode = "untraced-only";
  summary.missing = {{"tracefs", "mount it"}};
  EXPECT_EQ(gate_measurement(summary).doubts.at(0).reason, "not traced: tracefs; fix: mount it");
}

}  // namespace
}  // namespace sockscope

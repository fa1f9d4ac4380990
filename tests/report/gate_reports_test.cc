#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/gate_report.h"
#include "tests/report/golden.h"
#include "tests/report/sample_gate_reports.h"

namespace sockscope::testing {
namespace {

using ::testing::HasSubstr;

TEST(GateReportsGolden, Table) {
  expect_golden("red_gate.txt", render_gate_table(red_gate()));
  expect_golden("green_gate.txt", render_gate_table(green_gate()));
  expect_golden("other_machine_gate.txt", render_gate_table(other_machine()));
}

TEST(GateReportsGolden, Markdown) { expect_golden("red_gate.md", render_gate_markdown(red_gate())); }

TEST(GateReportsGolden, Junit) {
  expect_golden("red_gate.xml", render_junit(red_gate()));
  expect_golden("other_machine_gate.xml", render_junit(other_machine()));
}

TEST(GateReportsGolden, OpenMetrics) { expect_golden("red_gate.prom", render_openmetrics(red_gate())); }

TEST(GateReports, HaveTheVerdictInTheirFirstLine) {
  EXPECT_EQ(headline_of(green_gate()), "unchanged: 5 figures");
  EXPECT_EQ(headline_of(red_gate()), "regressed: 2 of 5 figures (tcp.syscalls, tcp.rtt_p50/calibration)");
  EXPECT_EQ(headline_of(other_machine()), "cannot-tell");
}

TEST(GateReports, CountInJunitWhatADashboardCounts) {
  EXPECT_THAT(render_junit(red_gate()), HasSubstr(R"(tests="5" failures="2" errors="1" skipped="0")"));
  EXPECT_THAT(render_junit(green_gate()), HasSubstr(R"(tests="5" failures="0" errors="0" skipped="0")"));
  EXPECT_THAT(render_junit(other_machine()), HasSubstr(R"(tests="1" failures="0" errors="1" skipped="0")"));
}

}  // namespace
}  // namespace sockscope::testing

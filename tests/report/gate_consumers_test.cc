#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "report/gate_report.h"
#include "tests/report/sample_gate_reports.h"
#include "tests/support/temp_file.h"

/// What CI and dashboards run on these files, run on them: not what we think that the formats are.
namespace sockscope::testing {
namespace {

using test_support::TempFile;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPython = "/usr/bin/python3";  // Debian's, which has Debian's scipy
constexpr const char* kCompare = "/usr/share/benchmark/compare.py";

ProgramOutput run(const std::vector<std::string>& command) {
  auto output = output_of(command, {.timeout = std::chrono::seconds{60}});
  return output ? *output : ProgramOutput{.status = -1, .text = output.error().message};
}

ProgramOutput run_shell(const std::string& command) { return run({"sh", "-c", command}); }

bool is_there(const std::string& program) { return run_shell("command -v " + program).status == 0; }

ProgramOutput validated(const std::string& xml) {
  const TempFile file(xml);
  return run({"xmllint", "--noout", "--schema", SOCKSCOPE_SOURCE_DIR "/tests/report/junit.xsd", file.path().string()});
}

ProgramOutput checked_metrics(const std::string& text) {
  const TempFile file(text);
  return run_shell(fmt::format("promtool check metrics <{}", file.path().string()));
}

TEST(Consumers, XmllintFindsTheJunitReportValid) {
  if (!is_there("xmllint")) GTEST_SKIP() << "needs xmllint: make -f Makefile.perf setup-test";
  for (const GateReport& report : {red_gate(), green_gate(), other_machine()}) {
    const ProgramOutput output = validated(render_junit(report));
    EXPECT_EQ(output.status, 0) << output.text;
  }
}

TEST(Consumers, XmllintSeesWhatIsNoJunit) {
  if (!is_there("xmllint")) GTEST_SKIP() << "needs xmllint: make -f Makefile.perf setup-test";
  std::string xml = render_junit(red_gate());
  xml.replace(xml.find("<failure "), 9, "<failures ");
  EXPECT_NE(validated(xml).status, 0);
}

TEST(Consumers, PromtoolFindsTheMetricsInOrder) {
  if (!is_there("promtool")) GTEST_SKIP() << "needs promtool: make -f Makefile.perf setup-test";
  for (const GateReport& report : {red_gate(), green_gate(), other_machine()}) {
    const ProgramOutput output = checked_metrics(render_openmetrics(report));
    EXPECT_EQ(output.status, 0) << output.text;
    EXPECT_EQ(output.text, "");
  }
}

TEST(Consumers, PromtoolSeesANameThatIsNone) {
  if (!is_there("promtool")) GTEST_SKIP() << "needs promtool: make -f Makefile.perf setup-test";
  EXPECT_NE(checked_metrics("# HELP a-b c\n# TYPE a-b gauge\na-b 1\n").status, 0);
}

TEST(Consumers, CompareReadsTwoOfOurBenchmarks) {
  if (!std::filesystem::exists(kCompare) || run({kPython, "-c", "import scipy"}).status != 0) {
    GTEST_SKIP() << "needs Google Benchmark's compare.py: make -f Makefile.perf setup-test";
  }
  GateReport slower = red_gate();
  for (RunFigures& one : slower.variants.front().runs) {
    for (auto& [name, value] : one.values) value *= 1.5;
  }
  const TempFile before(render_google_benchmark(red_gate()));
  const TempFile now(render_google_benchmark(slower));
  const ProgramOutput output =
      run({kPython, kCompare, "--no-color", "benchmarks", before.path().string(), now.path().string()});
  EXPECT_EQ(output.status, 0) << output.text;
  // 10 repetitions of tcp, half as slow again each, are told from the baseline's; udp's are the same.
  EXPECT_THAT(output.text, HasSubstr("tcp/rtt_p50                         +0.5000"));
  EXPECT_THAT(output.text, HasSubstr("tcp/rtt_p50_pvalue                   0.0002          0.0002      U Test, "
                                     "Repetitions: 10 vs 10"));
  EXPECT_THAT(output.text, HasSubstr("calibration/rtt_p50_pvalue           1.0000"));
  EXPECT_THAT(output.text, Not(HasSubstr("syscalls")));
}

}  // namespace
}  // namespace sockscope::testing

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/integration/sockscope_program.h"

/// The gate as CI runs it: a baseline, a run that is the same, a run that is worse.
namespace sockscope {
namespace {

using testing::Finished;
using ::testing::HasSubstr;
using testing::Scratch;
using testing::sockscope;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As ctest takes a measurement from a test's output, for dashboards.
void print_measurement(const std::string& name, double value) {
  fmt::print("<CTestMeasurement type=\"numeric/double\" name=\"{}\">{:.6g}</CTestMeasurement>\n", name, value);
}

/// Each figure of a gate, as its OpenMetrics have it.
void print_figures(const std::filesystem::path& metrics) {
  std::ifstream file(metrics);
  const std::string family = "sockscope_gate_figure_now{";
  const std::string label = "figure=\"";
  int figures = 0;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(family)) continue;
    const std::size_t name = line.find(label) + label.size();
    print_measurement(line.substr(name, line.find('"', name) - name), std::stod(line.substr(line.rfind(' '))));
    ++figures;
  }
  EXPECT_GT(figures, 0) << content_of(metrics);
}

Finished gate(const std::filesystem::path& baseline, std::vector<std::string> more) {
  std::vector<std::string> words{"gate", "--baseline", baseline.string(), "--retries", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return sockscope(words);
}

std::filesystem::path saved(const Scratch& scratch, const std::vector<std::string>& plan) {
  const auto path = scratch / "baseline.json";
  std::vector<std::string> words{"baseline", "save", "test", "-o", path.string()};
  words.insert(words.end(), plan.begin(), plan.end());
  const Finished save = sockscope(words);
  EXPECT_EQ(save.status, 0) << save.err;
  return path;
}

TEST(Gate, IsGreenOfTheSameAndRedOfOneSystemCallMore) {
  SKIP_WITHOUT_TRACING();
  const Scratch scratch;
  const auto baseline = saved(scratch, {"--rounds", "1", "--count", "2000"});
  const auto metrics = scratch / "metrics";
  const Finished green = gate(baseline, {"--openmetrics", metrics.string()});
  EXPECT_EQ(green.status, 0) << green.out << green.err;
  print_figures(metrics);

  const auto junit = scratch / "junit.xml";
  const auto markdown = scratch / "summary.md";
  const Finished red = gate(baseline, {"--poll", "poll", "--junit", junit.string(), "--markdown", markdown.string()});
  EXPECT_EQ(red.status, 1) << red.out << red.err;
  EXPECT_THAT(red.out, HasSubstr("\n  tcp.syscalls: 6."));
  EXPECT_THAT(red.out, HasSubstr("\n  udp.syscalls: 6."));
  EXPECT_THAT(content_of(junit), HasSubstr("<failure type=\"regressed\" message=\"6."));
  EXPECT_THAT(content_of(markdown), HasSubstr("## ❌ regressed: "));
}

TEST(Gate, IsRedOfADelayThatTheTimesShow) {
  const Scratch scratch;
  const auto baseline = saved(scratch, {"--untraced", "--rounds", "8", "--count", "1000"});
  // Several times the round trip: no noise of the machine comes near.
  Finished red;
  int tries = 3;
  do {
    red = gate(baseline, {"--inject-delay", "50000", "--min-effect", "100%"});
    // Beside other programs that take the CPUs meanwhile, times alone are no evidence.
  } while (red.out.contains("other programs disturbed") && --tries != 0);
  EXPECT_EQ(red.status, 1) << red.out << red.err;
  EXPECT_THAT(red.out, HasSubstr("udp.rtt_p50/calibration: "));
  EXPECT_THAT(red.out, HasSubstr("wholly beyond 100.0 %"));
}

TEST(Gate, CannotTellOnAnotherMachine) {
  const Scratch scratch;
  const auto baseline = saved(scratch, {"--untraced", "--rounds", "1", "--count", "100"});
  std::string text = content_of(baseline);
  const std::string kernel = "\"kernel\":\"";
  text.insert(text.find(kernel) + kernel.size(), "another-");
  std::ofstream(baseline) << text;
  const Finished other = gate(baseline, {});
  EXPECT_EQ(other.status, 3) << other.out << other.err;
  EXPECT_THAT(other.out, HasSubstr("cannot-tell"));
  EXPECT_THAT(other.out, HasSubstr("  kernel: the baseline's is another-"));
}

TEST(Gate, CannotTellOverAnotherTopology) {
  const Scratch scratch;
  const auto baseline = saved(scratch, {"--untraced", "--rounds", "1", "--count", "100"});
  const Finished other = gate(baseline, {"--topology", "veth"});
  EXPECT_EQ(other.status, 3) << other.out << other.err;
  EXPECT_THAT(other.out, HasSubstr("  topology: the baseline's is this machine's lo, this plan's is veth\n"));
  const Finished of_one = gate(baseline, {"--a", "udp --topology bridge", "--b", "udp"});
  EXPECT_EQ(of_one.status, 3) << of_one.out << of_one.err;
  EXPECT_THAT(of_one.out, HasSubstr("  topology: the baseline's is this machine's lo, this plan's is bridge (A), this "
                                    "machine's lo (B)\n"));
}

TEST(Gate, UpdatesABaselineAndSaysWhatChanged) {
  const Scratch scratch;
  const auto baseline = saved(scratch, {"--untraced", "--rounds", "1", "--count", "100"});
  const Finished updated = gate(baseline, {"--update", "--size", "1400"});
  EXPECT_EQ(updated.status, 0) << updated.out << updated.err;
  EXPECT_THAT(updated.out, HasSubstr("\n  plan: --count=100 --rounds=1 --untraced -> --count=100 --rounds=1 "
                                     "--untraced --size=1400\n"));
  EXPECT_THAT(content_of(baseline), HasSubstr("echo of 1400 bytes"));
}

TEST(Gate, SaysWhichBaselineItCannotRead) {
  const Scratch scratch;
  const Finished missing = gate(scratch / "none.json", {});
  EXPECT_EQ(missing.status, 4);
  EXPECT_THAT(missing.err, HasSubstr("none.json"));
}

}  // namespace
}  // namespace sockscope

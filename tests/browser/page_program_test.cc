#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "report/html/functions_page.h"
#include "report/html/html_page.h"
#include "report/json.h"
#include "tests/integration/sockscope_program.h"
#include "tests/report/sample_functions.h"
#include "tests/report/sample_stories.h"
#include "tests/report/sample_summaries.h"

/// Pages as a browser shows them: page_test.mjs opens each, and holds it against the JSON report of the same.
namespace sockscope::testing {
namespace {

namespace fs = std::filesystem;

/// A browser is slow beside compilers.
constexpr std::chrono::minutes kPatience{4};

bool has_browser() {
  return fs::exists(fs::path(BROWSER_MODULES) / "node_modules/playwright-core") && fs::exists("/usr/bin/chromium");
}

void write(const fs::path& path, const std::string& content) { std::ofstream(path, std::ios::binary) << content; }

/// A page, its JSON, and where the screenshots go.
class InBrowser : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_browser()) GTEST_SKIP() << "no chromium, or no playwright-core: make -f Makefile.perf setup-test";
  }

  /// Writes both below the screenshots' folder, opens the page and expects no fault.
  static void expect_no_fault(const std::string& name, const std::string& page, const std::vector<std::string>& jsons,
                              const char* test = PAGE_TEST) {
    const fs::path folder = fs::path(SCREENSHOTS) / name;
    fs::create_directories(folder);
    write(folder / "page.html", page);
    std::vector<std::string> command{"node", test, BROWSER_MODULES, folder, folder / "page.html"};
    for (std::size_t i = 0; i < jsons.size(); ++i) {
      command.push_back(folder / ("report-" + std::to_string(i) + ".json"));
      write(command.back(), jsons[i]);
    }
    auto browser = ChildProcess::exec({.name = "node"}, command);
    ASSERT_TRUE(browser);
    EXPECT_EQ(browser->wait({.timeout = kPatience}).value_or(-1), 0) << "see " << folder;
  }

  static void expect_no_fault(const std::string& name, const Summary& summary, MessagePaths paths = nullptr) {
    expect_no_fault(name, render_html(summary, paths, "1"), {render_json(summary)});
  }
};

TEST_F(InBrowser, AComparison) {
  const SlowestExchanges found = sample_exchanges();
  expect_no_fault("comparison", compared(), &found);
}

TEST_F(InBrowser, AComparisonWithFaults) { expect_no_fault("flawed", flawed_compare()); }

TEST_F(InBrowser, AnythingThatTextCanHold) {
  Summary summary = hostile();
  const std::string markup = "</script><img src=x onerror=alert(1)>";
  summary.title = markup;
  summary.environment.emplace_back(markup, markup);
  const SlowestExchanges found = sample_exchanges();
  expect_no_fault("hostile", summary, &found);
}

TEST_F(InBrowser, WhatIsMeasuredUntraced) { expect_no_fault("untraced", untraced_only()); }

TEST_F(InBrowser, SeveralDevices) { expect_no_fault("devices", over_devices()); }

TEST_F(InBrowser, AOneWayWorkload) { expect_no_fault("one-way", traced_one_way()); }

TEST_F(InBrowser, SomebodysRecording) { expect_no_fault("recording", foreign_recording()); }

TEST_F(InBrowser, SomebodysPrograms) { expect_no_fault("programs", own_programs()); }

TEST_F(InBrowser, ARecordedRun) {
  const fs::path run = fs::path(DATA_FOLDER) / "tcp-one-cpu";
  const Finished page = sockscope({"report", run, "--format", "html"});
  const Finished json = sockscope({"report", run, "--format", "json"});
  ASSERT_EQ(page.status, 0) << page.err;
  expect_no_fault("recorded-run", page.out, {json.out});
}

TEST_F(InBrowser, AListOfRates) {
  const Sweep sweep{.by = SweptBy::kRate, .points = {{0.5, compared()}, {1'000, compared()}}};
  const SlowestExchanges found = sample_exchanges();
  expect_no_fault("sweep", render_html_sweep(sweep, {&found, nullptr}, "1"), {render_json_sweep(sweep)});
}

TEST_F(InBrowser, TwoRuns) {
  const Summary a = compared();
  Summary b = compared();
  b.environment[0].second = "6.19.2";
  const RunDiffReport report{
      .a = {.path = "before", .title = a.title}, .b = {.path = "after", .title = b.title}, .diff = diff_runs(a, b, {})};
  expect_no_fault("diff", render_html_diff(report, a, b, "1"),
                  {render_diff_json(report), render_json(a), render_json(b)});
}

TEST_F(InBrowser, FunctionsOfTwoVariants) {
  const FunctionsReport report = sample_functions();
  expect_no_fault("functions", render_html_functions(report, "1"), {render_functions_json(report)}, FUNCTIONS_TEST);
}

TEST_F(InBrowser, FunctionsWithFaults) {
  const FunctionsReport report = flawed_functions();
  expect_no_fault("functions-flawed", render_html_functions(report, "1"), {render_functions_json(report)},
                  FUNCTIONS_TEST);
}

}  // namespace
}  // namespace sockscope::testing

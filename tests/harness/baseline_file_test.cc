#include "harness/baseline_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/fingerprint.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Facts machine(const std::string& kernel = "6.18.44") {
  return machine_facts({{"kernel", kernel}, {"cpu", "AMD EPYC"}, {"cpus", "0-1"}, {"perf", "not of the machine"}});
}

Baseline sample() {
  Baseline baseline{.name = "one-cpu",
                    .made = "2026-11-26 02:40 UTC",
                    .title = "echo of 64 bytes",
                    .plan = {"--rounds=6", "--a=tcp --no-nodelay"},
                    .machine = machine(),
                    .figures = {},
                    .self_test = std::nullopt};
  baseline.figures.push_back(
      {{.name = "tcp.syscalls", .variant = "tcp", .is_traced = true, .runs = {4.0003, 4}}, 0.02});
  baseline.figures.push_back({{.name = "tcp.rtt_p50/calibration",
                               .variant = "tcp",
                               .figure_class = FigureClass::kTime,
                               .is_traced = false,
                               .runs = {2250},
                               .bases = {1000}},
                              std::nullopt});
  baseline.self_test = SelfTest{.made = "2026-11-26 03:00 UTC",
                                .rounds = 40,
                                .splits = 200,
                                .false_alarm_rate = 0.005,
                                .smallest_change = 0.07,
                                .injected_ns = 900,
                                .injected_change = 0.08,
                                .injected_caught_rate = 0.93};
  baseline.disturbed = 0.125;
  return baseline;
}

TEST(BaselineFile, ComesBackAsItWas) {
  TempTree tree;
  tree.file("b.json", baseline_text(sample()));
  const auto loaded = load_baseline(tree / "b.json");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(*loaded, sample());
}

TEST(BaselineFile, HasALineAFigure) {
  const std::string text = baseline_text(sample());
  EXPECT_THAT(text, HasSubstr("\n  {\"name\":\"tcp.syscalls\",\"variant\":\"tcp\",\"class\":\"count\",\"traced\":true,"
                              "\"value\":4.0002,\"limit\":0.02,\"runs\":[4.0003,4.0]},\n"));
}

TEST(BaselineFile, SaysWhatIsWrongWithOne) {
  TempTree tree;
  tree.file("text", "no JSON").file("other.json", R"({"schema": "sockscope.baseline/2"})");
  tree.file("half.json", R"({"schema": "sockscope.baseline/1", "name": "x"})");
  for (const auto& [name, words] : {std::pair{"text", "not JSON"},
                                    {"other.json", "schema sockscope.baseline/2, but this sockscope reads"},
                                    {"half.json", "half.json"},
                                    {"none", "cannot read the baseline"}}) {
    const auto loaded = load_baseline(tree / name);
    ASSERT_FALSE(loaded) << name;
    EXPECT_EQ(loaded.error().kind, ErrorKind::kInput);
    EXPECT_THAT(loaded.error().message, HasSubstr(words));
  }
}

TEST(FindBaseline, TakesTheOneOfThisMachineInADirectory) {
  TempTree tree;
  const std::string mine = fmt::format("one-cpu.{}.json", fingerprint_of(machine()));
  tree.file(mine, "").file(fmt::format("one-cpu.{}.json", fingerprint_of(machine("6.1.0"))), "");
  EXPECT_EQ(*find_baseline(tree.str(), machine()), tree / mine);
  EXPECT_EQ(find_baseline(tree.str(), machine("5.10")).error().kind, ErrorKind::kEnvironment);
  tree.file(fmt::format("two-cpus.{}.json", fingerprint_of(machine())), "");
  const auto several = find_baseline(tree.str(), machine());
  EXPECT_EQ(several.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(several.error().message, HasSubstr("one-cpu."));
  EXPECT_THAT(several.error().message, HasSubstr("two-cpus."));
}

TEST(FindBaseline, TakesAFileAsItIsAndANameFromWhereBaselinesAre) {
  EXPECT_EQ(*find_baseline("some/file", machine()), "some/file");
  EXPECT_EQ(*find_baseline("file.json", machine()), "file.json");
  const auto unknown = find_baseline("no-such-name", machine());
  EXPECT_EQ(unknown.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(unknown.error().message, HasSubstr("make it: sockscope baseline save no-such-name"));
}

TEST(BaselineChanges, AreALineAFigure) {
  Baseline after = sample();
  after.plan = {"--rounds=7"};
  after.figures[0].figure.runs = {5};
  after.figures[1].figure.name = "udp.rtt_p50/calibration";
  EXPECT_THAT(baseline_changes(sample(), after),
              ElementsAre("plan: --rounds=6 --a=tcp --no-nodelay -> --rounds=7", "tcp.syscalls: 4.000 -> 5.000",
                          "udp.rtt_p50/calibration: new, 2.250", "tcp.rtt_p50/calibration: gone"));
  EXPECT_THAT(baseline_changes(sample(), sample()), ElementsAre());
}

TEST(Fingerprint, IsOfWhatFiguresDependOn) {
  EXPECT_EQ(fingerprint_of(machine()), fingerprint_of(machine()));
  EXPECT_NE(fingerprint_of(machine()), fingerprint_of(machine("6.1.0")));
  EXPECT_EQ(fingerprint_of(machine()).size(), 8U);
  EXPECT_THAT(machine_differences(machine("6.1.0"), machine()),
              ElementsAre("kernel: the baseline's is 6.1.0, this machine's is 6.18.44"));
  EXPECT_THAT(machine_differences(machine(), machine()), ElementsAre());
}

/// Every key that is written, as results/README.md spells it.
void collect(const Json& json, const std::string& path, std::set<std::string>& keys) {  // NOLINT(misc-no-recursion)
  if (json.is_array()) {
    for (const Json& element : json) collect(element, path + "[]", keys);
  }
  if (!json.is_object()) return;
  for (const auto& [key, value] : json.items()) {
    const std::string full = path == "machine" ? "machine.<name>" : path.empty() ? key : path + "." + key;
    keys.insert(full);
    collect(value, full, keys);
  }
}

TEST(BaselineFile, IsDescribedKeyByKey) {
  std::set<std::string> written;
  collect(Json::parse(baseline_text(sample())), "", written);
  const std::string readme = content_of(std::filesystem::path(SOCKSCOPE_SOURCE_DIR) / "results/README.md");
  const std::string start = "\n| `";
  std::set<std::string> documented;
  const std::size_t end = readme.find("<!-- end of the keys of a baseline -->");
  for (std::size_t at = readme.find("<!-- keys of a baseline -->"); (at = readme.find(start, at)) < end;) {
    at += start.size();
    documented.insert(readme.substr(at, readme.find('`', at) - at));
  }
  EXPECT_EQ(documented, written);
}

}  // namespace
}  // namespace sockscope

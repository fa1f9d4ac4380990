#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "harness/summarise.h"
#include "report/json.h"

/// `sockscope report --format json` of recordings that never change: the same numbers every time and on every machine.
///
/// A red result means that the analysis says something else of the same bytes. If that is an improvement, look at each
/// changed number, then write the new ones with UPDATE_GOLDEN=1 and explain them in the change.
namespace sockscope {
namespace {

struct Golden {
  std::string name;       ///< Of the golden file beside this test.
  std::string recording;  ///< Run directory or perf.data.
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.recording; }

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class ReportGolden : public ::testing::TestWithParam<Golden> {};

TEST_P(ReportGolden, SaysTheSameNumbers) {
  if (!std::filesystem::exists(GetParam().recording)) GTEST_SKIP() << "no recording " << GetParam().recording;
  const auto summary = summarise(GetParam().recording);
  ASSERT_TRUE(summary) << summary.error().message;
  const std::string report = render_json(*summary);
  const auto golden = std::filesystem::path(GOLDEN_FOLDER) / (GetParam().name + ".json");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(golden, std::ios::binary) << report;
    GTEST_SKIP() << "wrote " << golden;
  }
  EXPECT_EQ(report, content_of(golden));
}

const std::string kData = DATA_FOLDER;
const std::string kFixtures = SOCKSCOPE_FIXTURES;

INSTANTIATE_TEST_SUITE_P(Own, ReportGolden,
                         ::testing::Values(Golden{"tcp-one-cpu", kData + "/tcp-one-cpu"},
                                           Golden{"tcp-one-cpu-alone", kData + "/tcp-one-cpu/tcp-1.perf.data"},
                                           Golden{"udp-two-cpus", kData + "/udp-two-cpus"},
                                           Golden{"udp-two-cpus-alone", kData + "/udp-two-cpus/udp-1.perf.data"}),
                         [](const auto& chosen) { return std::to_string(chosen.index) + "_recording"; });

INSTANTIATE_TEST_SUITE_P(Shared, ReportGolden,
                         ::testing::Values(Golden{"shared-tcpudp", kFixtures + "/own-6.18/tcpudp.data"},
                                           Golden{"shared-tcpudp-pipe", kFixtures + "/own-6.18/tcpudp.pipe.data"},
                                           Golden{"shared-killed-pipe", kFixtures + "/own-6.18/killed.pipe.data"},
                                           Golden{"shared-user-events-pipe",
                                                  kFixtures + "/linuxtracepoints-net/pipe.data"},
                                           Golden{"shared-user-events", kFixtures + "/linuxtracepoints-net/perf.data"}),
                         [](const auto& chosen) { return std::to_string(chosen.index) + "_recording"; });

}  // namespace
}  // namespace sockscope

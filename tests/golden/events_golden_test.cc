#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/interrupt.h"
#include "harness/commands.h"

/// `sockscope events` of a recording that never changes, from where the two ends have exchanged some messages on. A
/// red result means that the same bytes are printed differently; UPDATE_GOLDEN=1 writes what is printed now.
namespace sockscope {
namespace {

struct Golden {
  std::string file;  ///< Beside this test.
  EventStyle style;
};

void PrintTo(const Golden& golden, std::ostream* out) { *out << golden.file; }

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class EventsGolden : public ::testing::TestWithParam<Golden> {};

TEST_P(EventsGolden, PrintsTheSameLines) {
  const auto golden = std::filesystem::path(GOLDEN_FOLDER) / GetParam().file;
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  const auto printed = update ? golden : std::filesystem::path(testing::TempDir()) / GetParam().file;
  const auto interrupt = Interrupt::install();
  ASSERT_TRUE(interrupt);
  const auto status = run_command(EventsOptions{.path = std::string(DATA_FOLDER) + "/tcp-one-cpu/tcp-1.perf.data",
                                                .filter = {.from_ns = 4'920'327'159'000, .limit = 25},
                                                .style = GetParam().style,
                                                .file = printed},
                                  *interrupt);
  EXPECT_EQ(status.value_or(-1), 0);
  if (update) GTEST_SKIP() << "wrote " << golden;
  EXPECT_EQ(content_of(printed), content_of(golden));
  std::filesystem::remove(printed);
}

INSTANTIATE_TEST_SUITE_P(Own, EventsGolden,
                         ::testing::Values(Golden{"events.txt", EventStyle::kText},
                                           Golden{"events.jsonl", EventStyle::kJson},
                                           Golden{"events.csv", EventStyle::kCsv}),
                         [](const auto& chosen) { return std::to_string(chosen.index) + "_style"; });

}  // namespace
}  // namespace sockscope

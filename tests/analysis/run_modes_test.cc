#include "analysis/run_modes.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/statistics_study/machine_model.h"

namespace sockscope {
namespace {

using testing::ElementsAre;

TEST(RunModes, OfNothingAreNone) {
  const RunModes modes = find_run_modes({});
  EXPECT_EQ(modes.fast.runs, 0);
  EXPECT_FALSE(modes.slow);
}

TEST(RunModes, FastAndSlowAreToldApart) {
  const RunModes modes = find_run_modes(std::vector<double>{100, 121, 101, 99, 120, 100, 102, 124, 101, 100});
  EXPECT_EQ(modes.fast.centre, 100);  // Of 99 100 100 100 101 101 102.
  EXPECT_EQ(modes.fast.runs, 7);
  ASSERT_TRUE(modes.slow);
  EXPECT_EQ(modes.slow->centre, 121);
  EXPECT_EQ(modes.slow->runs, 3);
  EXPECT_THAT(modes.is_slow, ElementsAre(false, true, false, false, true, false, false, true, false, false));
}

TEST(RunModes, AnEvenNumberHasItsCentreBetweenTwo) {
  EXPECT_EQ(find_run_modes(std::vector<double>{100, 101, 130, 100, 101, 132, 100, 101, 102, 100}).slow->centre, 131);
  EXPECT_EQ(find_run_modes(std::vector<double>{100, 103}).fast.centre, 101.5);
}

TEST(RunModes, OneOutlierIsNoMode) {
  EXPECT_FALSE(find_run_modes(std::vector<double>{100, 101, 100, 99, 101, 100, 102, 100, 101, 150}).slow);
}

TEST(RunModes, AGapNoWiderThanTheScatterIsNone) {
  // 14 % between the parts, but they scatter by 6 % themselves.
  EXPECT_FALSE(find_run_modes(std::vector<double>{100, 105, 110, 115, 120, 137, 142, 147, 152, 157}).slow);
}

TEST(RunModes, ANarrowGapIsNone) {
  EXPECT_FALSE(find_run_modes(std::vector<double>{100, 100, 100, 100, 100, 104, 104, 104, 104, 104}).slow);
  EXPECT_TRUE(find_run_modes(std::vector<double>{100, 100, 100, 100, 100, 106, 106, 106, 106, 106}).slow);
}

TEST(RunModes, OfEqualRunsThereIsOne) { EXPECT_FALSE(find_run_modes(std::vector<double>(20, 7.0)).slow); }

TEST(RunModes, FewRunsAndThoseThatAreNotAboveZeroHaveOne) {
  EXPECT_FALSE(find_run_modes(std::vector<double>{100, 100, 100, 100, 100, 130, 130, 130, 130}).slow);
  EXPECT_FALSE(find_run_modes(std::vector<double>{0, 100, 100, 100, 100, 130, 130, 130, 130, 130}).slow);
}

/// In how many of 2,000 series of 20 runs two modes are found.
std::size_t found_in_2000(const test::MachineModel& machine) {
  test::MachineRuns runs(machine, 1);
  std::size_t found = 0;
  for (int series = 0; series < 2000; ++series) found += find_run_modes(runs.runs(20)).slow ? 1U : 0U;
  return found;
}

TEST(RunModes, AreRarelyFoundWhereThereIsOneAndHardlyEverMissed) {
  EXPECT_EQ(found_in_2000({.slow_share = 0, .noise = 0.01}), 0);
  EXPECT_EQ(found_in_2000({.slow_share = 0, .noise = 0.03}), 2);
  // The others have fewer than two slow runs.
  EXPECT_EQ(found_in_2000({.slow_share = 0.3, .slowest = 1.2, .least_slow = 1.2}), 1982);
  EXPECT_EQ(found_in_2000({.slow_share = 0.3}), 1982);
}

}  // namespace
}  // namespace sockscope

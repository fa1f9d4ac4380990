#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/capture.h"
#include "harness/tracefs_capture.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::StartsWith;

class ChooseCapture : public testing::Test {
 protected:
  /// A tracefs in which instances can be made.
  ChooseCapture() { std::filesystem::create_directory(tracefs_ / "instances"); }
  Result<ChosenCapture> choose(std::optional<Capture> wanted, bool with_stacks = false) {
    return choose_capture(wanted, with_stacks, runs_, tracefs_.path());
  }

  std::array<WorkloadSpec, 2> runs_{WorkloadSpec{.count = 5'000}, WorkloadSpec{.count = 5'000}};
  TempTree tracefs_;
};

TEST_F(ChooseCapture, TakesFtracesBuffersWhereTheyCanBeUsed) {
  for (const auto wanted : {std::optional<Capture>{}, std::optional{Capture::kTracefs}}) {
    const auto chosen = choose(wanted);
    ASSERT_TRUE(chosen) << chosen.error().message;
    EXPECT_EQ(chosen->capture, Capture::kTracefs);
    EXPECT_EQ(chosen->text, "tracefs");
  }
  EXPECT_TRUE(std::filesystem::is_empty(tracefs_ / "instances"));
}

TEST_F(ChooseCapture, TakesPerfIfAsked) {
  const auto chosen = choose(Capture::kPerf);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->capture, Capture::kPerf);
  EXPECT_EQ(chosen->text, "perf record");
}

TEST_F(ChooseCapture, TakesPerfForCallChains) {
  const auto chosen = choose(std::nullopt, true);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->capture, Capture::kPerf);
  EXPECT_EQ(chosen->text, "perf record: call chains are perf's alone");
  const auto refused = choose(Capture::kTracefs, true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
}

TEST_F(ChooseCapture, TakesPerfIfOneOfTheRunsIsTooLong) {
  runs_[1].count = 100'000'000;
  const auto chosen = choose(std::nullopt);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->capture, Capture::kPerf);
  EXPECT_EQ(chosen->text, "perf record: a run this long would not fit into ftrace's buffers");
  const auto refused = choose(Capture::kTracefs);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(refused.error().message,
            "--capture tracefs: a run this long would not fit into ftrace's buffers; use --capture perf");
}

TEST_F(ChooseCapture, TakesPerfWhereNoInstanceCanBeMade) {
  std::filesystem::remove(tracefs_ / "instances");
  const auto chosen = choose(std::nullopt);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->capture, Capture::kPerf);
  EXPECT_THAT(chosen->text, StartsWith("perf record: cannot make " + tracefs_.str() + "/instances/sockscope-"));
}

TEST(TracefsBytesFor, GrowWithTheRunUntilItDoesNotFit) {
  EXPECT_EQ(tracefs_bytes_for(1, 64), std::size_t{4} << 20U);
  EXPECT_EQ(tracefs_bytes_for(5'000, 64), 5'000U * 4'000);
  EXPECT_EQ(tracefs_bytes_for(5'000, 65'536), 5'000U * (4'000 + 2 * 4 * 1'000)) << "four segments each way";
  EXPECT_EQ(tracefs_bytes_for(1'000'000, 64), std::nullopt);
  EXPECT_EQ(tracefs_bytes_for(~std::uint64_t{0}, ~std::uint32_t{0}), std::nullopt);
}

}  // namespace
}  // namespace sockscope

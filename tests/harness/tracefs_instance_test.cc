#include "harness/tracefs_instance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

#include "base/child_process.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

namespace fs = std::filesystem;

class TracefsInstanceTest : public testing::Test {
 protected:
  TracefsInstanceTest() { fs::create_directory(tracefs_ / "instances"); }
  [[nodiscard]] fs::path instance(std::string_view name) const { return tracefs_ / "instances" / name; }

  TempTree tracefs_;
};

TEST_F(TracefsInstanceTest, IsThereAsLongAsItLives) {
  const auto path = instance(fmt::format("sockscope-{}", getpid()));
  {
    const auto made = TracefsInstance::make(tracefs_.path());
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->path(), path);
    EXPECT_TRUE(fs::is_directory(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(TracefsInstanceTest, GoesWithWhoItWasMovedTo) {
  auto made = TracefsInstance::make(tracefs_.path());
  ASSERT_TRUE(made);
  const auto path = made->path();
  {
    const TracefsInstance other = std::move(*made);
    EXPECT_EQ(other.path(), path);
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(TracefsInstanceTest, RemovesWhatAKilledOneLeftAndNothingElse) {
  auto ended = ChildProcess::run({.name = "ended"}, [] { return 0; });
  ASSERT_TRUE(ended);
  const pid_t gone = ended->pid();
  ASSERT_TRUE(ended->wait({}));
  const auto left_behind = instance(fmt::format("sockscope-{}", gone));
  const auto of_init = instance("sockscope-1");
  const auto not_a_pid = instance(fmt::format("sockscope-{}x", gone));
  const auto somebodys = instance("mine");
  for (const auto& path : {left_behind, of_init, not_a_pid, somebodys}) fs::create_directory(path);
  const auto made = TracefsInstance::make(tracefs_.path());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_FALSE(fs::exists(left_behind));
  for (const auto& path : {of_init, not_a_pid, somebodys}) EXPECT_TRUE(fs::exists(path)) << path;
}

TEST_F(TracefsInstanceTest, SaysWhyThereCanBeNone) {
  const TempTree not_mounted;
  const auto made = TracefsInstance::make(not_mounted.path());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(made.error().message, fmt::format("cannot make {}/instances/sockscope-{}: No such file or directory",
                                              not_mounted.str(), getpid()));
}

TEST_F(TracefsInstanceTest, NamesTheFileThatItCannotSet) {
  const auto made = TracefsInstance::make(tracefs_.path());
  ASSERT_TRUE(made);
  const auto set = made->set("trace_clock", "mono");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message,
            fmt::format("cannot write mono to {}/trace_clock: No such file or directory", made->path().string()));
}

}  // namespace
}  // namespace sockscope

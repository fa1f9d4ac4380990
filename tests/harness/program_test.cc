#include "harness/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "harness/program_run.h"
#include "tests/harness/interruptible.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

class ProgramTest : public Interruptible {
 protected:
  Result<Program> start(const std::string& command) {
    return Program::start({.role = "server", .command = {"/bin/sh", "-c", command}, .text = command});
  }
};

TEST_F(ProgramTest, WaitsUntilItIsReleased) {
  auto program = start("touch " + (tree_ / "ran").string());
  ASSERT_TRUE(program);
  const auto waited = program->wait({.timeout = std::chrono::milliseconds{200}});
  EXPECT_FALSE(waited);
  EXPECT_FALSE(std::filesystem::exists(tree_ / "ran"));
  ASSERT_TRUE(program->release({}));
  const auto status = program->wait({});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  EXPECT_TRUE(std::filesystem::exists(tree_ / "ran"));
}

TEST_F(ProgramTest, HasNoInputUnlessItIsOurs) {
  auto program = start("! read -r line && [ -z \"$line\" ]");
  ASSERT_TRUE(program);
  ASSERT_TRUE(program->release({}));
  EXPECT_EQ(program->wait({}).value_or(-1), 0);
}

TEST_F(ProgramTest, ThatCannotBeExecutedSaysWhy) {
  auto program = Program::start({.role = "program", .command = {tree_.str(), "-x"}, .text = "DIR -x"});
  ASSERT_TRUE(program);
  const auto released = program->release({});
  ASSERT_FALSE(released);
  EXPECT_EQ(released.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(released.error().message, "cannot start the program (DIR -x): Permission denied");
}

TEST_F(ProgramTest, IsSignalledWithItsWholeGroup) {
  auto program = start("sleep 60 & wait");
  ASSERT_TRUE(program);
  ASSERT_TRUE(program->release({}));
  program->send_signal(SIGTERM);
  EXPECT_EQ(program->wait({}).value_or(-1), 128 + SIGTERM);
}

TEST(EndOf, IsAStatusOrASignal) {
  EXPECT_EQ(end_of(0), "ended with status 0");
  EXPECT_EQ(end_of(128), "ended with status 128");
  EXPECT_EQ(end_of(143), "was ended by signal 15");
}

}  // namespace
}  // namespace sockscope

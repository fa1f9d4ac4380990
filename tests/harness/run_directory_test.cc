#include "harness/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "base/child_process.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uid_t kNobody = 65534;

TEST(MakeRunDirectory, MakesItWithAllAboveIt) {
  const TempTree tree;
  ASSERT_TRUE(make_run_directory(tree / "a/b/c"));
  EXPECT_TRUE(std::filesystem::is_directory(tree / "a/b/c"));
}

TEST(MakeRunDirectory, TakesOneThatIsThereWithoutARun) {
  TempTree tree;
  tree.file("notes.txt", "");
  EXPECT_TRUE(make_run_directory(tree.path()));
}

TEST(MakeRunDirectory, RefusesOneThatHoldsARun) {
  TempTree tree;
  tree.file("run.json", "{}");
  const auto made = make_run_directory(tree.path());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(made.error().message, tree.str() + " holds a run already: choose another directory or remove it");
}

TEST(MakeRunDirectory, SaysWhyItCannot) {
  TempTree tree;
  tree.file("file", "");
  const auto below_a_file = make_run_directory(tree / "file/run");
  ASSERT_FALSE(below_a_file);
  EXPECT_EQ(below_a_file.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(below_a_file.error().message, "cannot make the directory " + tree.str() + "/file/run: Not a directory");
  const auto a_file = make_run_directory(tree / "file");
  ASSERT_FALSE(a_file);
  EXPECT_THAT(a_file.error().message, StartsWith("cannot make the directory " + tree.str() + "/file: "));
}

TEST(MakeRunDirectory, SaysThatItMayNotBeWritten) {
  TempTree tree;
  std::filesystem::create_directory(tree / "theirs");
  ASSERT_EQ(chmod((tree / "theirs").c_str(), 0555), 0);
  ASSERT_EQ(chmod(tree.path().c_str(), 0755), 0);
  auto answer = Pipe::open();
  ASSERT_TRUE(answer);
  const int write_end = answer->write_end.get();
  auto child = ChildProcess::run({.name = "ordinary user", .keep_fds = {write_end}}, [&] {
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) return 1;
    const auto made = make_run_directory(tree / "theirs");
    const std::string said = made ? "made" : made.error().message;
    return write(write_end, said.data(), said.size()) == std::ssize(said) ? 0 : 1;
  });
  ASSERT_TRUE(child && child->wait({}) == 0);
  std::string said(256, '\0');
  said.resize(static_cast<std::size_t>(read(answer->read_end.get(), said.data(), said.size())));
  EXPECT_EQ(said, "cannot write into " + tree.str() + "/theirs: Permission denied");
}

TEST(WriteFile, ReplacesWhatWasThere) {
  TempTree tree;
  tree.file("report", "a long report of yesterday");
  ASSERT_TRUE(write_file(tree / "report", "short"));
  EXPECT_EQ(content_of(tree / "report"), "short");
}

TEST(WriteFile, NamesWhatItCannotWrite) {
  const TempTree tree;
  const auto written = write_file(tree / "none/report", "text");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(written.error().message, "cannot write " + tree.str() + "/none/report: No such file or directory");
}

TEST(WriteFile, NoticesAFullDisk) {
  const auto written = write_file("/dev/full", "text");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write /dev/full: No space left on device");
}

uid_t owner_of(const std::filesystem::path& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? status.st_uid : static_cast<uid_t>(-1);
}

TEST(GiveToInvoker, GivesADirectoryAndItsContentToWhoCalledSudo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const ScopedEnvironment uid("SUDO_UID", "65534");
  const ScopedEnvironment gid("SUDO_GID", "65534");
  TempTree tree;
  tree.file("run.json", "{}");
  ASSERT_EQ(owner_of(tree / "run.json"), 0U);
  give_to_invoker(tree.path());
  EXPECT_EQ(owner_of(tree.path()), kNobody);
  EXPECT_EQ(owner_of(tree / "run.json"), kNobody);
}

TEST(GiveToInvoker, LeavesEverythingAloneWithoutSudo) {
  const ScopedEnvironment uid("SUDO_UID", "no number");
  TempTree tree;
  tree.file("run.json", "{}");
  give_to_invoker(tree.path());
  EXPECT_EQ(owner_of(tree / "run.json"), geteuid());
}

TEST(TemporaryDirectoryTest, IsRemovedWithItsContent) {
  std::filesystem::path path;
  {
    const auto directory = TemporaryDirectory::make();
    ASSERT_TRUE(directory) << directory.error().message;
    path = directory->path();
    ASSERT_TRUE(write_file(path / "tcp-1.perf.data", "bytes"));
    ASSERT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryDirectoryTest, IsNotRemovedByWhatItWasMovedOutOf) {
  auto first = TemporaryDirectory::make();
  ASSERT_TRUE(first) << first.error().message;
  const auto path = first->path();
  {
    std::optional<TemporaryDirectory> second(std::move(*first));
    first = fail(ErrorKind::kUsage, "the moved-from directory ends here");
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryDirectoryTest, IsWhereTmpdirSays) {
  const TempTree tree;
  const ScopedEnvironment tmpdir("TMPDIR", tree.str());
  const auto directory = TemporaryDirectory::make();
  ASSERT_TRUE(directory) << directory.error().message;
  EXPECT_EQ(directory->path().parent_path(), tree.path());
}

TEST(TemporaryDirectoryTest, SaysWhatToSetWhenThereIsNoPlace) {
  const ScopedEnvironment tmpdir("TMPDIR", "/nonexistent");
  const auto directory = TemporaryDirectory::make();
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(directory.error().message, StartsWith("no temporary directory: "));
  EXPECT_THAT(directory.error().message, HasSubstr("set TMPDIR"));
}

}  // namespace
}  // namespace sockscope

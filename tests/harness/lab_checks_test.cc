#include "harness/lab_checks.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A /proc of processes that are in network namespaces.
class FakeProc {
 public:
  FakeProc() { add("self", "sockscope", 1, "net:[1]", "lo"); }

  void add(const std::string& pid, const std::string& comm, int parent, const std::string& net,
           const std::string& device) {
    tree_.file(pid + "/comm", comm + "\n");
    tree_.file(pid + "/stat", fmt::format("{} ({}) S {} 1 1 0\n", pid, comm, parent));
    tree_.file(pid + "/net/dev", fmt::format("Inter-| Receive\n face |bytes\n    lo: 0 0\n  {}: 0 0\n", device));
    std::filesystem::create_directories(tree_ / (pid + "/ns"));
    std::filesystem::create_symlink(net, tree_ / (pid + "/ns/net"));
  }
  [[nodiscard]] std::filesystem::path path() const { return tree_.path(); }

 private:
  TempTree tree_;
};

TEST(LabProcesses, AreThoseInANamespaceWithOneOfOurDevices) {
  FakeProc proc;
  proc.add("40", "echo-client", 30, "net:[2]", "sks-client");
  proc.add("9", "name) S 7 (x", 30, "net:[3]", "sks-server");
  proc.add("41", "dockerd", 1, "net:[4]", "eth0");
  proc.add("42", "bash", 1, "net:[1]", "sks-client");  // ours: somebody made a device of such a name by himself
  EXPECT_THAT(lab_processes(proc.path()), ElementsAre(LabProcess{.pid = 9, .parent = 30, .comm = "name) S 7 (x"},
                                                      LabProcess{.pid = 40, .parent = 30, .comm = "echo-client"}));
}

TEST(LeftOver, AreEndsOfWorkloadsThatInitHasTaken) {
  const LabProcess orphan{.pid = 40, .parent = 1, .comm = "echo-client"};
  EXPECT_THAT(left_over({orphan,
                         {.pid = 41, .parent = 30, .comm = "echo-server"},
                         {.pid = 42, .parent = 1, .comm = "bash"},
                         {.pid = 43, .parent = 1, .comm = "echo-clients"}}),
              ElementsAre(orphan));
}

TEST(LeftoversCheck, NamesThemAndWhatRemovesThem) {
  FakeProc proc;
  EXPECT_EQ(leftovers_check(proc.path()).found, "none");
  EXPECT_TRUE(leftovers_check(proc.path()).is_fine);
  proc.add("40", "stream-server", 1, "net:[2]", "sks-server");
  const Check check = leftovers_check(proc.path());
  EXPECT_FALSE(check.is_fine);
  EXPECT_FALSE(check.is_needed);
  EXPECT_EQ(check.found, "in network namespaces of a run that is over: 40 (stream-server)");
  EXPECT_THAT(check.fix, HasSubstr("the next run with --topology ends them"));
}

TEST(LabProcesses, OfNoProcAreNone) { EXPECT_THAT(lab_processes("/nonexistent"), IsEmpty()); }

}  // namespace
}  // namespace sockscope

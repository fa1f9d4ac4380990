#include "harness/lab_leftovers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/fake_lab_proc.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LabProcesses, AreThoseInANamespaceWithOneOfOurDevices) {
  FakeLabProc proc;
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

TEST(LabProcesses, OfNoProcAreNone) { EXPECT_THAT(lab_processes("/nonexistent"), IsEmpty()); }

}  // namespace
}  // namespace sockscope

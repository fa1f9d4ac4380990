#include "harness/lab_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/fake_lab_proc.h"

namespace sockscope {
namespace {

using ::testing::HasSubstr;

TEST(LeftoversCheck, NamesThemAndWhatRemovesThem) {
  FakeLabProc proc;
  EXPECT_EQ(leftovers_check(proc.path()).found, "none");
  EXPECT_TRUE(leftovers_check(proc.path()).is_fine);
  proc.add("40", "stream-server", 1, "net:[2]", "sks-server");
  const Check check = leftovers_check(proc.path());
  EXPECT_FALSE(check.is_fine);
  EXPECT_FALSE(check.is_needed);
  EXPECT_EQ(check.found, "in network namespaces of a run that is over: 40 (stream-server)");
  EXPECT_THAT(check.fix, HasSubstr("the next run with --topology ends them"));
}

}  // namespace
}  // namespace sockscope

#include "base/affinity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/cpu_list.h"

namespace sockscope {
namespace {

using ::testing::ElementsAre;

TEST(Affinity, HoldsForItsScopeAndForTheThreadsThatBeginInIt) {
  const auto before = allowed_cpus();
  {
    const Affinity affinity({before.back()});
    EXPECT_THAT(allowed_cpus(), ElementsAre(before.back()));
    EXPECT_THAT(std::async(std::launch::async, allowed_cpus).get(), ElementsAre(before.back()));
  }
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Affinity, OfNoCpuChangesNothing) {
  const auto before = allowed_cpus();
  const Affinity affinity({});
  EXPECT_EQ(allowed_cpus(), before);
}

TEST(Affinity, OfACpuThatIsNotThereChangesNothing) {
  const auto before = allowed_cpus();
  {
    const Affinity affinity({1000});
    EXPECT_EQ(allowed_cpus(), before);
  }
  EXPECT_EQ(allowed_cpus(), before);
}

}  // namespace
}  // namespace sockscope

#include "workloads/microbench/tracepoint_counts.h"

#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <map>
#include <string>

namespace sockscope {
namespace {

using ::testing::HasSubstr;

TEST(TracepointCountsOfThisThread, AreItsSystemCallsAndNothingOfItsOwnDoing) {
  const std::array own{gettid()};
  auto counts = TracepointCounts::open(own);
  if (!counts) GTEST_SKIP() << counts.error().message;
  for (int batch = 0; batch < 3; ++batch) {
    ASSERT_TRUE(counts->enable());
    for (int i = 0; i < 100; ++i) syscall(SYS_getppid);
    ASSERT_TRUE(counts->disable());
    syscall(SYS_getppid);  // not counted
  }
  const auto read = counts->read();
  ASSERT_TRUE(read) << read.error().message;
  const std::map<std::string_view, std::uint64_t> by_name(read->begin(), read->end());
  EXPECT_EQ(by_name.at("syscalls"), 300U);
  EXPECT_EQ(by_name.at("skbs"), 0U);
  EXPECT_EQ(by_name.at("probes"), 0U);
}

TEST(TracepointCounts, NeedTracefs) {
  const std::array own{gettid()};
  const auto counts = TracepointCounts::open(own, "/nowhere");
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.error().kind, ErrorKind::kEnvironment);
  EXPECT_THAT(counts.error().message, HasSubstr("/nowhere"));
}

}  // namespace
}  // namespace sockscope

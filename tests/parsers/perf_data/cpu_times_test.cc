#include "parsers/perf_data/cpu_times.h"

#include <gtest/gtest.h>

namespace sockscope::perf_data {
namespace {

TEST(CpuTimes, AscendForEachCpuAlone) {
  CpuTimes times;
  EXPECT_TRUE(times.advance(0, 100));
  EXPECT_TRUE(times.advance(1, 50)) << "another CPU";
  EXPECT_TRUE(times.advance(0, 100)) << "the same time again";
  EXPECT_FALSE(times.advance(0, 99));
  EXPECT_FALSE(times.advance(1, 49));
  EXPECT_TRUE(times.advance(1, 51));
  EXPECT_FALSE(times.advance(0, 99)) << "the latest stays the latest";
  EXPECT_TRUE(times.advance(0, 101));
}

TEST(CpuTimes, KnowNothingOfCpusThatNoKernelHas) {
  CpuTimes times;
  EXPECT_TRUE(times.advance(kNoCpu, 100));
  EXPECT_TRUE(times.advance(kNoCpu, 1));
  EXPECT_TRUE(times.advance(8192, 100));
  EXPECT_TRUE(times.advance(8192, 1));
}

TEST(CpuTimes, PrecedeWhatIsLaterOnEveryCpu) {
  CpuTimes first;
  CpuTimes later;
  CpuTimes early;
  for (const std::uint64_t time : {10, 20}) EXPECT_TRUE(first.advance(0, time));
  EXPECT_TRUE(first.advance(1, 100));
  EXPECT_TRUE(later.advance(0, 20));
  EXPECT_TRUE(later.advance(2, 1)) << "a CPU that was not seen before";
  EXPECT_TRUE(first.precede(later));
  EXPECT_TRUE(early.advance(0, 500));
  EXPECT_TRUE(early.advance(1, 99));
  EXPECT_FALSE(first.precede(early));

  first.append(later);
  EXPECT_TRUE(first.advance(0, 20));
  EXPECT_FALSE(first.advance(0, 19));
  EXPECT_FALSE(first.advance(1, 99));
  EXPECT_TRUE(first.advance(2, 1));
}

}  // namespace
}  // namespace sockscope::perf_data

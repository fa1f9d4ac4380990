#include "base/monotonic_clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sockscope {
namespace {

/// std::chrono::steady_clock is CLOCK_MONOTONIC in libstdc++ and libc++: an independent reading of the same clock.
std::uint64_t steady_now_ns() {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_start).count());
}

TEST(MonotonicClock, LiesBetweenTwoReadingsOfTheSteadyClock) {
  for (int i = 0; i < 1'000; ++i) {
    const std::uint64_t before = steady_now_ns();
    const std::uint64_t now = monotonic_now_ns();
    const std::uint64_t after = steady_now_ns();
    ASSERT_LE(before, now);
    ASSERT_LE(now, after);
  }
}

}  // namespace
}  // namespace sockscope

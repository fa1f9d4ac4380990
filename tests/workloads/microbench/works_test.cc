#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/cpu_list.h"
#include "workloads/microbench/benches.h"

/// Each work does what it is there for, again and again.
namespace sockscope {
namespace {

using ::testing::TestWithParam;
using ::testing::ValuesIn;

std::optional<int> second_cpu() {
  const auto cpus = allowed_cpus();
  return cpus.size() > 1 ? std::optional(cpus[1]) : std::nullopt;
}

class EachBench : public TestWithParam<Bench> {};

TEST_P(EachBench, DoesItsWorkAgainAndAgain) {
  auto work = GetParam().make();
  if (!work) GTEST_SKIP() << work.error().message;
  EXPECT_EQ((*work)->batch() != 0, GetParam().is_batched);
  // A cork takes 0.4 s each time.
  const auto enough = std::chrono::steady_clock::now() + std::chrono::milliseconds{500};
  for (int round = 0; round < 3; ++round) {
    const std::size_t times = GetParam().is_batched ? (*work)->batch() : 20;
    if (GetParam().is_batched) {
      ASSERT_EQ((*work)->prepare(), 0) << round;
    }
    for (std::size_t i = 0; i < times && std::chrono::steady_clock::now() < enough; ++i) {
      ASSERT_EQ((*work)->once(), 0) << round << ", " << i;
    }
  }
  EXPECT_EQ((*work)->finish(), 0);
  EXPECT_GE((*work)->units(), 1U);
}

INSTANTIATE_TEST_SUITE_P(All, EachBench, ValuesIn(all_benches(second_cpu())), [](const auto& instance) {
  std::string name = instance.param.name;
  std::ranges::replace_if(name, [](char c) { return c == '/' || c == '-'; }, '_');
  return name;
});

TEST(Benches, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Bench& bench : all_benches(std::nullopt)) EXPECT_TRUE(names.insert(bench.name).second) << bench.name;
  for (const char* name : {"round_trip/tcp/64/processes", "round_trip/eventfd/8/processes", "message/udp/1400/thread",
                           "send/unix-datagram/16384", "wake_epoll-edge/tcp/64/threads-one-cpu"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

}  // namespace
}  // namespace sockscope

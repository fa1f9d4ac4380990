#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/integration/sockscope_program.h"

/// What the processes of a run have in memory.
namespace sockscope {
namespace {

/// The largest resident size that a child of ours has had (VmHWM), in KiB.
std::uint64_t peak_kib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib;
  }
  return 0;
}

/// The largest resident sizes of a run.
struct Peaks {
  std::uint64_t ends = 0;
  std::uint64_t program = 0;
};

Peaks peaks_of(const std::string& workload, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"compare",    "--untraced", "--rounds", "1",
                                     "--workload", workload,     "-o",       "/dev/null"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  auto program = testing::start_sockscope(arguments);
  Peaks peaks;
  Result<int> status = 0;
  while (!(status = program.wait({.timeout = std::chrono::milliseconds{20}}))) {
    for (const auto& [pid, comm] : testing::children_of(program.pid())) {
      if (comm.starts_with(workload + "-")) peaks.ends = std::max(peaks.ends, peak_kib(pid));
    }
    peaks.program = std::max(peaks.program, peak_kib(program.pid()));
  }
  EXPECT_EQ(*status, 0);
  EXPECT_GT(peaks.ends, 1'000U) << "nothing was seen";
  return peaks;
}

constexpr std::uint64_t kMostKib = 65'536;

TEST(Memory, OfAThousandFlowsStaysWithin64MiB) {
  EXPECT_LT(peaks_of("echo", {"--flows", "1000", "--poll", "epoll", "--duration", "0.3"}).ends, kMostKib);
}

TEST(Memory, OfAMillionMessagesStaysWithin64MiB) {
  EXPECT_LT(peaks_of("stream", {"--count", "1000000"}).ends, kMostKib);
}

// What an hour takes, in seconds: a single number of 8 bytes kept of each message would show. That nothing is allocated
// as they go is tested to the byte, and for more workloads, in tests/workloads/workload_memory_test.cc.
TEST(Memory, DoesNotGrowWithTheMessages) {
  constexpr std::uint64_t allowance = 1'024;
  for (const auto& [workload, options] :
       {std::pair{"echo", std::vector<std::string>{"--flows", "1000", "--poll", "epoll"}}, {"stream", {}}}) {
    const auto peaks_with = [&](const char* count) {
      std::vector<std::string> all = options;
      all.insert(all.end(), {"--count", count});
      return peaks_of(workload, all);
    };
    const Peaks some = peaks_with("10000");
    const Peaks many = peaks_with("200000");
    EXPECT_LE(many.ends, some.ends + allowance) << workload;
    EXPECT_LE(many.program, some.program + allowance) << workload;
  }
}

}  // namespace
}  // namespace sockscope

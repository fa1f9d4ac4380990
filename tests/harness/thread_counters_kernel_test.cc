// What the counters count inside the kernel, which not every user may: label integration.

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "base/child_process.h"
#include "harness/thread_counters.h"

namespace sockscope {
namespace {

/// A thread that sends every byte back: whoever waits for it has to block.
class PipeEcho {
 public:
  PipeEcho() : to_(Pipe::open().value()), from_(Pipe::open().value()), echo_([this] { echo(); }) {}
  ~PipeEcho() {
    to_.write_end.reset();
    echo_.join();
  }
  PipeEcho(const PipeEcho&) = delete;
  PipeEcho& operator=(const PipeEcho&) = delete;
  PipeEcho(PipeEcho&&) = delete;
  PipeEcho& operator=(PipeEcho&&) = delete;

  [[nodiscard]] bool round_trips(int count) const {
    char byte = 0;
    for (int i = 0; i < count; ++i) {
      if (write(to_.write_end.get(), &byte, 1) != 1 || read(from_.read_end.get(), &byte, 1) != 1) return false;
    }
    return true;
  }

 private:
  void echo() const {
    char byte = 0;
    while (read(to_.read_end.get(), &byte, 1) == 1 && write(from_.write_end.get(), &byte, 1) == 1) {
    }
  }

  Pipe to_;
  Pipe from_;
  std::thread echo_;
};

std::uint64_t own_switches() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw);
}

TEST(ThreadCounters, CountTheSameContextSwitchesAsGetrusage) {
  const PipeEcho echo;
  const std::array tids{gettid()};
  auto counters = ThreadCounters::open(tids);
  ASSERT_TRUE(counters) << counters.error().message;
  if (!counters->refused().empty()) GTEST_SKIP() << "this user may not count context switches";

  ASSERT_TRUE(counters->enable());
  const std::uint64_t before = own_switches();
  ASSERT_TRUE(echo.round_trips(100));
  const std::uint64_t after = own_switches();
  ASSERT_TRUE(counters->disable());
  ASSERT_TRUE(echo.round_trips(100));  // Not to be counted.

  const auto threads = counters->read();
  ASSERT_TRUE(threads) << threads.error().message;
  ASSERT_EQ(threads->size(), 1U);
  EXPECT_EQ(threads->front().tid, gettid());
  const auto switches = find_counter(threads->front().values, "context-switches");
  ASSERT_TRUE(switches);
  EXPECT_GE(switches->value, 1U);
  // Between reading getrusage and switching the counter the thread may have been preempted once at either end.
  EXPECT_GE(switches->value, after - before);
  EXPECT_LE(switches->value, after - before + 2);
  EXPECT_FALSE(switches->is_user_only);
  EXPECT_FALSE(switches->is_estimate);
}

TEST(ThreadCounters, CountEachPageFirstTouchedAsAPageFault) {
  const std::array tids{gettid()};
  auto counters = ThreadCounters::open(tids);
  ASSERT_TRUE(counters) << counters.error().message;
  if (!counters->refused().empty()) GTEST_SKIP() << "this user may not count inside the kernel";

  constexpr std::size_t pages = 200;
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t bytes = pages * page_bytes;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  ASSERT_EQ(madvise(memory, bytes, MADV_NOHUGEPAGE), 0);
  ASSERT_TRUE(counters->enable());
  for (std::size_t page = 0; page < pages; ++page) static_cast<volatile char*>(memory)[page * page_bytes] = 1;
  ASSERT_TRUE(counters->disable());
  munmap(memory, bytes);

  const auto threads = counters->read();
  ASSERT_TRUE(threads);
  const auto faults = find_counter(threads->front().values, "page-faults");
  ASSERT_TRUE(faults);
  EXPECT_GE(faults->value, pages);
  EXPECT_LE(faults->value, pages + 10);  // The counters' own code may be touched for the first time.
}

}  // namespace
}  // namespace sockscope

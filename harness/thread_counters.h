#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sockscope {

/// One software event counted over one thread, or over several.
struct CounterValue {
  std::string_view name;      ///< As `perf stat` spells it: "context-switches".
  std::uint64_t value = 0;    ///< How often it happened; nanoseconds for "task-clock".
  bool is_user_only = false;  ///< What happened inside the kernel is not in it: we were not permitted to count that.
  bool is_estimate = false;   ///< The kernel counted part of the time only; the value is scaled up to all of it.
};

/// What one thread did while the counters were enabled. A counter that the kernel never ran is left out, as 0 would be
/// a lie.
struct ThreadCounts {
  pid_t tid = 0;
  std::vector<CounterValue> values;
};

enum class CounterKind : std::uint8_t {
  kSoftware,  ///< The kernel's software events, below.
  kHardware,  ///< "cycles" and "instructions", where there is a PMU that this user may count; else none, unrefused.
};

/// Counts the kernel's software events of given threads, of this process or another, through libperf:
///
///   context-switches  the times a thread left a CPU, voluntary and involuntary: getrusage's nvcsw + nivcsw
///   cpu-migrations    the times it went on on another CPU
///   task-clock        its time on a CPU, in nanoseconds
///   page-faults       minor and major
///
/// An ordinary user may be refused what happens inside the kernel (/proc/sys/kernel/perf_event_paranoid above 1,
/// without CAP_PERFMON). Then task-clock, which does not depend on it, stays whole; page-faults counts those of user
/// code (is_user_only); switches and migrations, which happen nowhere else, are refused() rather than counted as 0.
/// Where not even that is permitted, all four are refused; that is no error.
class ThreadCounters {
 public:
  /// Opens the counters, at rest and at 0. An environment error if a thread does not exist or descriptors run out
  /// (four a thread).
  static Result<ThreadCounters> open(std::span<const pid_t> tids, CounterKind kind = CounterKind::kSoftware);

  ThreadCounters(ThreadCounters&&) noexcept;
  ThreadCounters& operator=(ThreadCounters&&) noexcept;
  ThreadCounters(const ThreadCounters&) = delete;
  ThreadCounters& operator=(const ThreadCounters&) = delete;
  ~ThreadCounters();

  /// Counts from here on, on top of what was counted before.
  Result<> enable();
  Result<> disable();

  /// The counts so far, one entry a thread in the order of open(). Works while they are enabled, and after a thread has
  /// ended.
  [[nodiscard]] Result<std::vector<ThreadCounts>> read() const;

  /// Whether it counts nothing at all.
  [[nodiscard]] bool empty() const { return counters_.empty(); }

  /// The names of the counters that this user may not have.
  [[nodiscard]] const std::vector<std::string_view>& refused() const { return refused_; }

 private:
  struct Counter;

  explicit ThreadCounters(std::span<const pid_t> tids);

  std::vector<pid_t> tids_;
  std::vector<std::unique_ptr<Counter>> counters_;
  std::vector<std::string_view> refused_;
};

/// The sum over all threads, in the order of the first thread's counters. A counter that one thread lacks is left out.
[[nodiscard]] std::vector<CounterValue> sum_over_threads(std::span<const ThreadCounts> threads);

/// The counter of that name, if it is there.
[[nodiscard]] std::optional<CounterValue> find_counter(std::span<const CounterValue> values, std::string_view name);

}  // namespace sockscope

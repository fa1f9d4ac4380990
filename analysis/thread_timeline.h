#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "analysis/event.h"
#include "analysis/summary.h"

namespace sockscope {

/// A stretch of time, both ends included; by default all of it.
struct TimeWindow {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = ~std::uint64_t{0};

  [[nodiscard]] bool contains(std::uint64_t time_ns) const { return from_ns <= time_ns && time_ns <= to_ns; }
};

/// What one thread did: running, runnable or sleeping, and the switches between these.
///
/// Fed in time order with what concerns the thread. A switch-in may be told twice, by sched_switch and by a
/// PERF_RECORD_SWITCH a moment later: the first counts. Times and switches outside the window do not count; neither
/// does time before the first event, whose state nobody knows.
class ThreadTimeline {
 public:
  explicit ThreadTimeline(TimeWindow window = {}) : window_(window) {}

  /// sched_waking of the thread. The wake-up of a thread that has not left its CPU yet cancels its sleep and is none.
  void waking(std::uint64_t time_ns);

  enum class Source { kSchedSwitch, kSwitchRecord };
  void switch_in(std::uint64_t time_ns, Source source);
  void switch_out(std::uint64_t time_ns, bool is_involuntary);
  void migrated(std::uint64_t time_ns);
  /// `padded_comm` as sched_switch has it: a NUL may end it before its end.
  void named(std::string_view padded_comm);

  /// The numbers so far; getrusage is the caller's to add.
  [[nodiscard]] const ThreadSummary& summary() const { return summary_; }
  [[nodiscard]] std::uint64_t switch_ins() const { return switch_ins_; }
  /// Switch-ins that no sched_switch had shown.
  [[nodiscard]] std::uint64_t switch_ins_from_records() const { return switch_ins_from_records_; }
  /// Wakings that were not followed by a switch-in before the thread was seen to leave a CPU again.
  [[nodiscard]] std::uint64_t unmatched_wakeups() const { return unmatched_wakeups_; }

 private:
  enum class State { kUnknown, kRunning, kRunnable, kSleeping };
  void enter(State state, std::uint64_t time_ns);

  TimeWindow window_;
  State state_ = State::kUnknown;
  std::uint64_t since_ns_ = 0;
  std::uint64_t woken_ns_ = 0;  // 0: not woken since the thread last ran
  std::uint64_t switch_ins_ = 0;
  std::uint64_t switch_ins_from_records_ = 0;
  std::uint64_t unmatched_wakeups_ = 0;
  ThreadSummary summary_;
};

}  // namespace sockscope

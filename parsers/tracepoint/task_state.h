#pragma once

#include <cstdint>
#include <string>

#include "parsers/tracepoint/format.h"
#include "parsers/tracepoint/symbols.h"

namespace sockscope::tracepoint {

/// Reads sched_switch's prev_state as the recorded kernel means it. Which bits are states and which one says
/// "preempted" has changed (4.14, 5.18); the event's own print fmt tells.
class TaskState {
 public:
  /// The mask of reported states of 4.14 and later: S D T t X Z P I (include/linux/sched.h, TASK_REPORT and above).
  static constexpr std::uint64_t kDefaultMask = 0xff;

  /// From the format of sched:sched_switch; kDefaultMask when its print fmt cannot be understood.
  [[nodiscard]] static TaskState of(const Format& sched_switch);

  TaskState() = default;

  /// The bits of prev_state that say why the task left the CPU.
  [[nodiscard]] std::uint64_t mask() const noexcept { return mask_; }
  /// Whether the mask was read from the format rather than assumed.
  [[nodiscard]] bool mask_is_known() const noexcept { return mask_is_known_; }

  /// The task did not ask to leave: it was still runnable (R, or R+ where the kernel marks preemption).
  [[nodiscard]] bool is_involuntary(std::int64_t prev_state) const noexcept {
    return (static_cast<std::uint64_t>(prev_state) & mask_) == 0;
  }

  /// As perf and ftrace print it: "R", "R+", "S", "D|K".
  [[nodiscard]] std::string text(std::int64_t prev_state) const;

 private:
  std::uint64_t mask_ = kDefaultMask;
  bool mask_is_known_ = false;
  Symbols names_;
};

}  // namespace sockscope::tracepoint

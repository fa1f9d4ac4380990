#pragma once

#include <linux/perf_event.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// What perf records beside tracepoints, and a ring buffer of ftrace cannot: tasks that begin, end and change their
/// names, and switches to a CPU as the scheduler itself tells them (PERF_RECORD_SWITCH_CPU_WIDE), which sees those from
/// an idle task that sched_switch does not see on some virtual machines. A buffer of perf's a CPU, which nobody reads
/// before the end.
class TaskRing {
 public:
  struct Spec {
    std::vector<int> cpus;
    bool with_switches = false;
    std::size_t buffer_bytes = 0;  ///< Per CPU: a power of two.
  };
  /// kEnvironment if the kernel or this user's rights do not allow it.
  static Result<TaskRing> open(const Spec& spec);

  TaskRing(TaskRing&&) noexcept = default;
  TaskRing& operator=(TaskRing&&) = delete;
  TaskRing(const TaskRing&) = delete;
  TaskRing& operator=(const TaskRing&) = delete;
  ~TaskRing();

  Result<> enable();
  Result<> disable();

  [[nodiscard]] const perf_event_attr& attr() const { return attr_; }
  /// A CPU's each.
  [[nodiscard]] std::vector<std::uint64_t> ids() const;

  /// Records of one CPU, whole and in order, as the kernel wrote them since it was opened.
  struct Recorded {
    int cpu = 0;
    std::string records;
    bool is_full = false;  ///< Whether some may be missing at the end.
  };
  [[nodiscard]] std::vector<Recorded> recorded() const;

 private:
  struct Buffer {
    int cpu = 0;
    UniqueFd fd;
    std::uint64_t id = 0;
    void* memory = nullptr;
  };
  TaskRing() = default;
  Result<> add(int cpu);
  Result<> control(unsigned long request);
  [[nodiscard]] std::size_t mapped_bytes() const;

  perf_event_attr attr_{};
  std::size_t buffer_bytes_ = 0;
  std::vector<Buffer> buffers_;
};

}  // namespace sockscope

#pragma once

#include <sys/types.h>

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sockscope {

/// A thread as /proc has it.
struct Task {
  pid_t pid = 0;  ///< Its process.
  std::string comm;
};

/// Which process a thread belongs to, and its name: an event of ftrace says the thread alone.
class TaskTable {
 public:
  /// Those of threads that live now.
  explicit TaskTable(std::span<const pid_t> tids);

  /// The threads that are known so far.
  [[nodiscard]] std::vector<pid_t> tids() const;

  /// The thread, and whether it is asked for the first time. One that has ended is taken for a process of its own.
  std::pair<const Task*, bool> find(pid_t tid);

  /// A thread that began: PERF_RECORD_FORK.
  void began(pid_t pid, pid_t tid) { tasks_[tid].task.pid = pid; }

 private:
  struct Known {
    Task task;
    bool is_asked_for = false;
  };
  std::map<pid_t, Known> tasks_;
};

}  // namespace sockscope

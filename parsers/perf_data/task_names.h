#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// What each thread was called at a point of the recording: from the COMM and FORK records up to there, by the rules
/// of perf (tools/perf/util/machine.c), so that both print the same name.
///
/// Memory: 24 bytes or two times as much for each thread of the recording. The names stay where the file has them.
class TaskNames {
 public:
  TaskNames();

  /// Takes notice of a COMM or FORK record; any other passes.
  void apply(const Record& record, ByteOrder order);

  /// The name of the thread that a sample belongs to; points into the mapped file. data() is null while it has none:
  /// perf then prints ":TID".
  [[nodiscard]] std::string_view name_of(std::int32_t pid, std::int32_t tid) { return task(pid, tid).name(); }

 private:
  struct Task {
    std::int32_t tid = 0;
    std::int32_t pid = 0;
    const char* text = nullptr;
    std::uint32_t length = 0;
    bool is_used = false;

    [[nodiscard]] std::string_view name() const noexcept { return {text, length}; }
    void rename(std::string_view name) noexcept {
      text = name.data();
      length = static_cast<std::uint32_t>(name.size());
    }
  };

  [[nodiscard]] std::size_t slot_of(std::int32_t tid) const noexcept {
    const auto hash = static_cast<std::uint32_t>(tid) * 0x9E3779B1U;  // Fibonacci hashing: tids are near each other
    std::size_t slot = hash >> shift_;
    while (tasks_[slot].is_used && tasks_[slot].tid != tid) slot = (slot + 1) & (tasks_.size() - 1);
    return slot;
  }

  // The thread, as new and nameless when it has not been seen. Valid until the next call.
  Task& task(std::int32_t pid, std::int32_t tid) {
    Task& found = tasks_[slot_of(tid)];
    if (!found.is_used) [[unlikely]] {
      return add(pid, tid);
    }
    if (found.pid == kNoTask) found.pid = pid;
    return found;
  }

  Task& add(std::int32_t pid, std::int32_t tid);
  void grow();
  void fork(std::int32_t pid, std::int32_t tid, std::int32_t parent_pid, std::int32_t parent_tid);

  std::vector<Task> tasks_;  // open addressing; a power of two, at most half of it used
  unsigned shift_ = 0;
  std::size_t used_ = 0;
};

}  // namespace sockscope::perf_data

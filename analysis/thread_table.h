#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/flat_map.h"

namespace sockscope {

/// The state of each thread of a recording, by thread id; made on first sight.
///
/// Machines start threads without end, so that those of which nothing has to be kept are forgotten when there are
/// kMostThreads: memory does not grow with the recording.
template <class Thread>
class ThreadTable {
 public:
  static constexpr std::size_t kMostThreads = 65'536;

  /// The reference is good until forget().
  Thread& operator[](std::int32_t tid) {
    if (tid != latest_tid_ || latest_ == nullptr) [[unlikely]] {
      latest_ = find_or_make(tid);
      latest_tid_ = tid;
    }
    return *latest_;
  }

  [[nodiscard]] const Thread* find(std::int32_t tid) const {
    const auto* const found = threads_.find(tid);
    return found == nullptr ? nullptr : found->get();
  }

  [[nodiscard]] bool is_full() const noexcept { return threads_.size() >= kMostThreads; }

  /// Forgets all that `is_idle(thread)` says.
  template <class Predicate>
  void forget(Predicate is_idle) {
    threads_.erase_if([&](std::int32_t, const std::unique_ptr<Thread>& thread) { return is_idle(*thread); });
    latest_ = nullptr;
  }

  template <class Visitor>
  void for_each(Visitor visit) const {
    threads_.for_each([&](std::int32_t tid, const std::unique_ptr<Thread>& thread) { visit(tid, *thread); });
  }

 private:
  Thread* find_or_make(std::int32_t tid) {
    auto& thread = threads_[tid];
    if (!thread) thread = std::make_unique<Thread>();
    return thread.get();
  }

  FlatMap<std::int32_t, std::unique_ptr<Thread>> threads_;  // behind pointers: what is large moves never
  std::int32_t latest_tid_ = 0;
  Thread* latest_ = nullptr;  // nearly every event is of the same thread as the one before
};

}  // namespace sockscope

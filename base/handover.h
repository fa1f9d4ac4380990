#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace sockscope {

/// Hands batches of work from one thread to another, in order. A fixed number of batches goes round, so that a fast
/// producer waits for its consumer and memory stays what it is.
template <class Batch>
class Handover {
 public:
  explicit Handover(std::size_t batches) : batches_(batches) {
    for (Batch& batch : batches_) empty_.push_back(&batch);
  }

  /// Producer: the next batch to fill. Null when the consumer has left: then stop.
  [[nodiscard]] Batch* take_empty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !empty_.empty() || has_ended_; });
    return has_ended_ ? nullptr : take_front(empty_);
  }
  /// Producer: a filled one.
  void pass(Batch* batch) { put_into(full_, batch); }

  /// Consumer: the next batch. Null when all have been taken and the other side has ended.
  [[nodiscard]] Batch* take_full() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !full_.empty() || has_ended_; });
    return full_.empty() ? nullptr : take_front(full_);
  }
  /// Consumer: a batch to be filled again.
  void give_back(Batch* batch) { put_into(empty_, batch); }

  /// Either side: nothing more comes from here, or is wanted.
  void end() {
    const std::lock_guard lock(mutex_);
    has_ended_ = true;
    changed_.notify_all();
  }

 private:
  static Batch* take_front(std::deque<Batch*>& queue) {
    Batch* const batch = queue.front();
    queue.pop_front();
    return batch;
  }

  void put_into(std::deque<Batch*>& queue, Batch* batch) {
    const std::lock_guard lock(mutex_);
    queue.push_back(batch);
    changed_.notify_all();
  }

  std::vector<Batch> batches_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch*> empty_;
  std::deque<Batch*> full_;
  bool has_ended_ = false;
};

}  // namespace sockscope

#include "workloads/sequence_check.h"

namespace sockscope {

void SequenceCheck::on(std::uint64_t number) {
  if (number >= next_) {
    if (number - next_ >= kWindow) {
      seen_.assign(kWindow, false);
    } else {
      for (std::uint64_t missed = next_; missed < number; ++missed) seen_[missed % kWindow] = false;
    }
    seen_[number % kWindow] = true;
    next_ = number + 1;
    ++received_;
    return;
  }
  const bool is_within_window = next_ - number <= kWindow;
  if (is_within_window && seen_[number % kWindow]) {
    ++duplicated_;
    return;
  }
  if (is_within_window) seen_[number % kWindow] = true;
  ++reordered_;
  ++received_;
}

}  // namespace sockscope

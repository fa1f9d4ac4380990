#pragma once

#include <cstdint>
#include <vector>

namespace sockscope {

/// Which of the numbered messages 0, 1, 2, ... came: once, again, or after a later one. In fixed memory: what comes
/// more than kWindow numbers late counts as out of order, and can no more be told from a duplicate.
class SequenceCheck {
 public:
  static constexpr std::uint64_t kWindow = 1U << 20;

  SequenceCheck() : seen_(kWindow) {}

  void on(std::uint64_t number);

  [[nodiscard]] std::uint64_t received() const { return received_; }  ///< Different messages.
  [[nodiscard]] std::uint64_t duplicated() const { return duplicated_; }
  [[nodiscard]] std::uint64_t reordered() const { return reordered_; }  ///< Came after one with a higher number.

 private:
  std::vector<bool> seen_;
  std::uint64_t next_ = 0;  // one more than the highest number
  std::uint64_t received_ = 0;
  std::uint64_t duplicated_ = 0;
  std::uint64_t reordered_ = 0;
};

}  // namespace sockscope

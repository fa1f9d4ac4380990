#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sockscope {

/// The latest events of a recording: how many of them lie in each part of a round trip that has just ended.
class RecentEvents {
 public:
  /// More than any round trip has on whose time a median rests: one of 64 bytes has some twenty, one of 64 KiB a
  /// hundred.
  static constexpr std::size_t kMost = 256;

  static constexpr std::size_t kMostParts = 16;

  /// The events come in order of time.
  void add(std::uint64_t time_ns, std::uint32_t cpu) noexcept {
    ring_[count_ % kMost] = {.time_ns = time_ns, .cpu = cpu};
    ++count_;
  }

  /// Of a stretch of time that is cut at `cuts`, in rising order: the events of each part, its begin included and its
  /// end not, since an event takes its time after it has taken its time stamp. What happens on another CPU than the
  /// event that begins the part does not hold it up, and is not counted; of a part after which things go on on another
  /// CPU, a wake-up across CPUs, only the begin does.
  ///
  /// `counts` has one less than `cuts`, from one to kMostParts. False if the stretch begins before what is remembered.
  bool count(std::span<const std::uint64_t> cuts, std::span<std::uint64_t> counts) const noexcept;

 private:
  struct Entry {
    std::uint64_t time_ns = 0;
    std::uint32_t cpu = 0;
  };
  [[nodiscard]] const Entry& at(std::size_t index) const noexcept { return ring_[index % kMost]; }
  [[nodiscard]] std::size_t first() const noexcept { return count_ < kMost ? 0 : count_ - kMost; }

  std::array<Entry, kMost> ring_{};
  std::size_t count_ = 0;
};

}  // namespace sockscope

#pragma once

#include <cstdint>

namespace sockscope::trace_dat {

/// From a stamp of the trace to nanoseconds: as it is, or a counter of the CPU (option TSC2NSEC), and an offset.
struct TimeConversion {
  std::uint32_t mult = 0;  ///< 0: the stamps are nanoseconds.
  std::uint32_t shift = 0;
  std::uint64_t offset_ns = 0;

  [[nodiscard]] std::uint64_t ns_of(std::uint64_t stamp) const {
    if (mult == 0) return stamp + offset_ns;
    // The product of a day's cycles does not fit into 64 bits: its two halves do.
    constexpr std::uint32_t half = 32;
    const std::uint64_t high = (stamp >> half) * mult;
    const std::uint64_t low = (stamp & 0xffffffffU) * mult;
    if (shift <= half) return (high << (half - shift)) + (low >> shift) + offset_ns;
    return ((high + (low >> half)) >> (shift - half)) + offset_ns;
  }
};

}  // namespace sockscope::trace_dat

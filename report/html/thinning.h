#pragma once

#include <cstdint>
#include <vector>

#include "base/histogram.h"

/// A distribution as few enough points for a picture, none of them made up: each is one of the histogram's own.
namespace sockscope {

/// How many values are at least that large.
struct TailPoint {
  std::uint64_t ns = 0;  ///< A value as Histogram::quantile() reports it.
  std::uint64_t at_least = 0;

  bool operator==(const TailPoint&) const = default;
};

/// The distribution from its first to its last value. Between two points that follow each other lie less than 2.5 % of
/// what is beyond them, and less than 2 % in time: so the slowest 40 are all there, with the largest one exact.
[[nodiscard]] std::vector<TailPoint> tail_of(const Histogram& histogram);

/// How many values lie from from_ns up to, but not including, to_ns.
struct Bar {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = 0;
  std::uint64_t count = 0;

  bool operator==(const Bar&) const = default;
};

/// The filled bars of 64 to a power of two (4 ns below 512 ns), in rising order: their counts add up to the whole.
[[nodiscard]] std::vector<Bar> bars_of(const Histogram& histogram);

}  // namespace sockscope

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/exchange.h"
#include "base/histogram.h"

namespace sockscope {

/// Finds the slowest of any number of exchanges, and of each kind one that is like the median, in bounded memory.
class ExchangeRanking {
 public:
  struct Ranked {
    Exchange exchange;
    std::size_t group = 0;      ///< An index of groups().
    std::size_t recording = 0;  ///< As the caller counts them.
    unsigned round = 0;
    [[nodiscard]] std::uint64_t duration_ns() const { return exchange.end_ns() - exchange.begin_ns(); }
  };
  /// Round trips, or lone messages, of one variant.
  struct Group {
    std::string variant;
    bool are_round_trips = false;
    Histogram durations;
    std::vector<Ranked> sample;  ///< Every stride-th.
    std::size_t stride = 1;
  };

  /// Samples become twice as sparse when there are so many.
  static constexpr std::size_t kMostSampled = 4096;

  /// Keeps the `most` slowest of those that took `over_ns` or longer.
  ExchangeRanking(std::size_t most, std::uint64_t over_ns) : most_(most), over_ns_(over_ns) {}

  void add(const Exchange& exchange, const std::string& variant, std::size_t recording, unsigned round);

  /// How many took `over_ns` or longer.
  [[nodiscard]] std::uint64_t over() const { return over_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  /// The slowest first; of equal ones the earlier.
  [[nodiscard]] std::vector<Ranked> slowest() const;
  /// Of a group's sample the one nearest to the group's median.
  [[nodiscard]] static const Ranked& median_of(const Group& group);

 private:
  std::size_t group_of(const Exchange& exchange, const std::string& variant);

  std::size_t most_;
  std::uint64_t over_ns_;
  std::uint64_t over_ = 0;
  std::vector<Group> groups_;
  std::vector<Ranked> slowest_;  // a heap, the fastest of them on top
};

}  // namespace sockscope

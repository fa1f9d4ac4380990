#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sockscope {

/// Times, in nanoseconds, along a line of columns: equal ratios are equally far apart.
class LogAxis {
 public:
  /// From one time to another, with a little more where they are all but the same. Times below 1 ns are taken as that.
  LogAxis(std::uint64_t least, std::uint64_t most, std::size_t columns);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  /// The column of a time; the first or the last one where it lies outside.
  [[nodiscard]] std::size_t column_of(double ns) const;

  struct Tick {
    std::size_t column = 0;
    std::string label;  ///< "200 ns", "5 us", "1.5 ms"

    bool operator==(const Tick&) const = default;
  };
  /// As many round times as can be labelled side by side: 1, 3, 10; or 1, 2, 5, 10; ...
  [[nodiscard]] std::vector<Tick> ticks() const;

  struct Label {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// The columns that a tick's label takes: around its own, but within the axis.
  [[nodiscard]] Label place_of(const Tick& tick) const;

 private:
  [[nodiscard]] std::vector<Tick> ticks_at(const std::vector<unsigned>& mantissas) const;
  [[nodiscard]] bool fit(const std::vector<Tick>& ticks) const;

  double low_;  // logarithms
  double high_;
  std::size_t columns_;
};

/// "200 ns", "5 us", "1.5 ms", "2 s": a round time with its unit.
[[nodiscard]] std::string round_time(double ns);

}  // namespace sockscope

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.h"
#include "report/grid.h"

namespace sockscope {

/// A number of one variant; absent if it was not measured, doubtful if it is to be marked.
struct Figure {
  std::optional<double> value;
  bool doubtful = false;
};

/// The columns of the comparison: "TCP", "UDP" and, if both were measured, "TCP - UDP" and "TCP / UDP".
///
/// Rows in which no variant has a value are left out.
class Comparison {
 public:
  using FigureOf = std::function<Figure(const VariantSummary&)>;
  using Format = std::string (*)(double);

  /// Refers to the sides, which must outlive it.
  explicit Comparison(const std::vector<VariantSummary>& sides);

  /// A row with difference and ratio.
  void add(std::string label, const FigureOf& figure, Format format);
  /// A row of numbers of which neither the difference nor the ratio says anything.
  void add_values(std::string label, const FigureOf& figure, Format format);

  [[nodiscard]] const Grid& grid() const { return grid_; }

 private:
  const std::vector<VariantSummary>& sides_;
  Grid grid_;
};

/// A cell with the formatted value, or "-" without one.
[[nodiscard]] Cell cell_of(const Figure& figure, Comparison::Format format);

/// The cell of a difference, with its sign, and of a ratio; "-" where it does not exist.
[[nodiscard]] Cell difference_of(const Figure& left, const Figure& right, Comparison::Format format);
[[nodiscard]] Cell ratio_of(const Figure& left, const Figure& right);

}  // namespace sockscope

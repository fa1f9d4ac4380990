#include "report/comparison.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "report/numbers.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 32;

std::vector<Grid::Column> columns_of(const std::vector<VariantSummary>& sides) {
  std::vector<Grid::Column> columns;
  columns.reserve(sides.size() + 2);
  for (const VariantSummary& side : sides) columns.push_back({side.variant.label});
  if (sides.size() == 2) {
    const std::string left = columns[0].title;
    const std::string right = columns[1].title;
    columns.push_back({left + " - " + right});
    columns.push_back({left + " / " + right});
  }
  return columns;
}

}  // namespace

Cell cell_of(const Figure& figure, Comparison::Format format) {
  return figure.value ? Cell{format(*figure.value), figure.doubtful} : Cell{"-", false};
}

Cell difference_of(const Figure& left, const Figure& right, Comparison::Format format) {
  if (!left.value || !right.value) return {"-", false};
  return {with_sign(format(*left.value - *right.value)), left.doubtful || right.doubtful};
}

Cell ratio_of(const Figure& left, const Figure& right) {
  if (!left.value || !right.value || *right.value == 0) return {"-", false};
  return {format_ratio(*left.value / *right.value), left.doubtful || right.doubtful};
}

Comparison::Comparison(const std::vector<VariantSummary>& sides)
    : sides_(sides), grid_(kLabelWidth, columns_of(sides)) {}

void Comparison::add(std::string label, const FigureOf& figure, Format format) {
  std::vector<Figure> figures;
  std::ranges::transform(sides_, std::back_inserter(figures), figure);
  if (std::ranges::none_of(figures, [](const Figure& one) { return one.value.has_value(); })) return;
  std::vector<Cell> cells;
  cells.reserve(figures.size() + 2);
  for (const Figure& one : figures) cells.push_back(cell_of(one, format));
  if (figures.size() == 2) {
    cells.push_back(difference_of(figures[0], figures[1], format));
    cells.push_back(ratio_of(figures[0], figures[1]));
  }
  grid_.add_row("  " + std::move(label), std::move(cells));
}

void Comparison::add_values(std::string label, const FigureOf& figure, Format format) {
  std::vector<Cell> cells;
  bool measured = false;
  for (const VariantSummary& side : sides_) {
    const Figure one = figure(side);
    measured = measured || one.value.has_value();
    cells.push_back(cell_of(one, format));
  }
  if (measured) grid_.add_row("  " + std::move(label), std::move(cells));
}

}  // namespace sockscope

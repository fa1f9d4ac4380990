#include "report/grid.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sockscope {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Where the fraction of a number begins (its end if it has none); npos for any other text.
std::size_t fraction_of(std::string_view text) {
  const std::size_t point = std::min(text.find_first_not_of("+-,0123456789"), text.size());
  if (point == text.size()) return point;
  const bool number = text[point] == '.' && text.find_first_not_of(kDigits, point + 1) == std::string_view::npos;
  return number ? point : std::string_view::npos;
}

std::string marked(const Cell& cell) { return cell.doubtful ? cell.text + "!" : cell.text; }

}  // namespace

/// The room a column needs.
struct Grid::Measure {
  std::size_t width = 0;     ///< In all.
  std::size_t fraction = 0;  ///< Behind the whole part of its numbers.
};

Grid::Grid(std::size_t label_width, std::vector<Column> columns)
    : label_width_(label_width), columns_(std::move(columns)) {}

void Grid::add_row(std::string label, std::vector<Cell> cells) {
  label_width_ = std::max(label_width_, label.size());
  rows_.push_back(Row{std::move(label), std::move(cells)});
}

Grid::Measure Grid::measure(std::size_t column) const {
  std::size_t whole = 0;
  std::size_t fraction = 0;
  std::size_t other = columns_[column].title.size();
  for (const Row& row : rows_) {
    if (column >= row.cells.size()) continue;
    const std::string text = marked(row.cells[column]);
    const std::size_t point = fraction_of(row.cells[column].text);
    if (point == std::string_view::npos) {
      other = std::max(other, text.size());
    } else {
      whole = std::max(whole, point);
      fraction = std::max(fraction, text.size() - point);
    }
  }
  return {std::max(columns_[column].width, std::max(whole + fraction, other) + 1), fraction};
}

std::string Grid::render_row(const Row& row, const std::vector<Measure>& measures, const Style& style) const {
  std::string line = row.label;
  // Blanks wait until something follows them, so that no line ends in one.
  std::size_t blanks = label_width_ - std::min(label_width_, line.size());
  for (std::size_t column = 0; column < std::min(row.cells.size(), columns_.size()); ++column) {
    const Cell& cell = row.cells[column];
    const std::string text = marked(cell);
    const std::size_t point = fraction_of(cell.text);
    const std::size_t behind = point == std::string_view::npos ? 0 : measures[column].fraction - (text.size() - point);
    blanks += measures[column].width - text.size() - behind;
    if (!text.empty()) {
      line.append(std::exchange(blanks, 0), ' ');
      line += cell.doubtful ? style.warning(text) : text;
    }
    blanks += behind;
  }
  return line + '\n';
}

std::string Grid::render(const Style& style) const {
  std::vector<Measure> measures;
  Row titles;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    measures.push_back(measure(column));
    titles.cells.push_back(Cell{columns_[column].title, false});
  }
  std::string lines = render_row(titles, measures, style);
  for (const Row& row : rows_) lines += render_row(row, measures, style);
  return lines;
}

}  // namespace sockscope

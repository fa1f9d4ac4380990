#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/style.h"

namespace sockscope {

/// One value of a grid. A doubtful one is printed with a "!" after it.
struct Cell {
  std::string text;
  bool doubtful = false;
};

/// Rows of a label and values under column titles; the numbers of a column are aligned at the decimal point, other
/// texts at the right. Labels and columns are as wide as asked for, or as their widest text (and a blank before it).
class Grid {
 public:
  struct Column {
    std::string title;
    std::size_t width = 13;
  };

  Grid(std::size_t label_width, std::vector<Column> columns);

  /// Cells beyond the columns are ignored, missing ones stay blank.
  void add_row(std::string label, std::vector<Cell> cells);

  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The lines, each with a line feed: the titles, then the rows.
  [[nodiscard]] std::string render(const Style& style) const;

 private:
  struct Row {
    std::string label;
    std::vector<Cell> cells;
  };
  struct Measure;

  [[nodiscard]] Measure measure(std::size_t column) const;
  [[nodiscard]] std::string render_row(const Row& row, const std::vector<Measure>& measures, const Style& style) const;

  std::size_t label_width_;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace sockscope

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
    bool is_extra = false;   ///< Left out where there is no room for all columns.
    bool is_joined = false;  ///< Stays beside the column before it, as far as there is room: says nothing alone.
  };

  Grid(std::size_t label_width, std::vector<Column> columns);

  /// Cells beyond the columns are ignored, missing ones stay blank.
  void add_row(std::string label, std::vector<Cell> cells);

  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The lines, each with a line feed: the titles, then the rows.
  [[nodiscard]] std::string render(const Style& style) const { return render_block(kept(Extras::kKept), style); }

  /// The same within a width: the columns closer together if they must be, without extra ones if those do not fit, and
  /// one below the other, each with the labels, where not even the others do.
  [[nodiscard]] std::string render_within(std::size_t width, const Style& style) const;
  [[nodiscard]] bool has_room_for_extras(std::size_t width) const;

 private:
  struct Row {
    std::string label;
    std::vector<Cell> cells;
  };
  /// A column as it is printed.
  struct Place {
    std::size_t column = 0;
    std::size_t width = 0;     ///< In all.
    std::size_t fraction = 0;  ///< Behind the whole part of its numbers.
  };
  /// Columns that stand side by side.
  struct Block {
    std::size_t label_width = 0;
    std::vector<Place> places;

    [[nodiscard]] std::size_t width() const;
  };
  enum class Extras { kKept, kLeftOut };

  [[nodiscard]] Place measure(std::size_t column) const;
  [[nodiscard]] Block kept(Extras extras) const;
  [[nodiscard]] Block closer(Block block) const;
  [[nodiscard]] std::string render_row(const Row& row, const Block& block, const Style& style) const;
  [[nodiscard]] static bool has_text(const Row& row, const Block& block);
  [[nodiscard]] std::string render_titles(const Block& block, const Style& style) const;
  [[nodiscard]] std::string render_block(const Block& block, const Style& style) const;
  [[nodiscard]] std::size_t end_of_block(const Block& all, std::size_t begin, std::size_t width) const;
  [[nodiscard]] std::string render_below(const Block& all, std::size_t width, const Style& style) const;

  std::size_t label_width_;
  std::size_t longest_label_ = 0;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace sockscope

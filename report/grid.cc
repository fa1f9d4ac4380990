#include "report/grid.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include "report/text.h"

namespace sockscope {
namespace {

constexpr std::string_view kDigits = "0123456789";
/// Between columns that are as close together as can be read.
constexpr std::size_t kLeastGap = 2;

/// Where the fraction of a number begins (its end if it has none); npos for any other text.
std::size_t fraction_of(std::string_view text) {
  const std::size_t point = std::min(text.find_first_not_of("+-,0123456789"), text.size());
  if (point == text.size()) return point;
  const bool number = text[point] == '.' && text.find_first_not_of(kDigits, point + 1) == std::string_view::npos;
  return number ? point : std::string_view::npos;
}

std::string marked(const Cell& cell) { return cell.doubtful ? cell.text + "!" : cell.text; }

}  // namespace

Grid::Grid(std::size_t label_width, std::vector<Column> columns)
    : label_width_(label_width), columns_(std::move(columns)) {}

void Grid::add_row(std::string label, std::vector<Cell> cells) {
  longest_label_ = std::max(longest_label_, label.size());
  label_width_ = std::max(label_width_, label.size());
  rows_.push_back(Row{std::move(label), std::move(cells)});
}

std::size_t Grid::Block::width() const {
  return std::accumulate(places.begin(), places.end(), label_width,
                         [](std::size_t sum, const Place& place) { return sum + place.width; });
}

/// What its texts need, and a blank before them.
Grid::Place Grid::measure(std::size_t column) const {
  std::size_t whole = 0;
  std::size_t fraction = 0;
  std::size_t other = columns_[column].title.size();
  for (const Row& row : rows_) {
    if (column >= row.cells.size()) continue;
    const std::size_t point = fraction_of(row.cells[column].text);
    const std::size_t size = width_of(marked(row.cells[column]));
    if (point == std::string_view::npos) {
      other = std::max(other, size);
    } else {
      whole = std::max(whole, point);
      fraction = std::max(fraction, size - point);
    }
  }
  return {.column = column, .width = std::max(whole + fraction, other) + 1, .fraction = fraction};
}

Grid::Block Grid::kept(Extras extras) const {
  Block block{.label_width = label_width_, .places = {}};
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (columns_[column].is_extra && extras == Extras::kLeftOut) continue;
    Place place = measure(column);
    place.width = std::max(columns_[column].width, place.width);
    block.places.push_back(place);
  }
  return block;
}

Grid::Block Grid::closer(Block block) const {
  block.label_width = longest_label_;
  for (Place& place : block.places) {
    place.width = std::min(place.width, measure(place.column).width - 1 + kLeastGap);
  }
  return block;
}

std::string Grid::render_row(const Row& row, const Block& block, const Style& style) const {
  std::string line = clip(row.label, block.label_width);
  // Blanks wait until something follows them, so that no line ends in one.
  std::size_t blanks = block.label_width - line.size();
  for (const Place& place : block.places) {
    if (place.column >= row.cells.size()) continue;
    const Cell& cell = row.cells[place.column];
    const std::string text = marked(cell);
    const std::size_t size = width_of(text);
    const std::size_t point = fraction_of(cell.text);
    const std::size_t behind = point == std::string_view::npos ? 0 : place.fraction - (size - point);
    blanks += place.width - size - behind;
    if (!text.empty()) {
      line.append(std::exchange(blanks, 0), ' ');
      line += cell.doubtful ? style.warning(text) : text;
    }
    blanks += behind;
  }
  return line + '\n';
}

std::string Grid::render_titles(const Block& block, const Style& style) const {
  Row titles;
  for (const Column& column : columns_) titles.cells.push_back(Cell{column.title, false});
  return render_row(titles, block, style);
}

std::string Grid::render_block(const Block& block, const Style& style) const {
  std::string lines = render_titles(block, style);
  for (const Row& row : rows_) lines += render_row(row, block, style);
  return lines;
}

/// As many columns as there is room for, but no column without those that belong to it if they could be together.
std::size_t Grid::end_of_block(const Block& all, std::size_t begin, std::size_t width) const {
  std::size_t taken = all.label_width + all.places[begin].width;
  std::size_t end_of_group = begin;
  for (std::size_t end = begin + 1; end < all.places.size(); ++end) {
    if (!columns_[all.places[end].column].is_joined) end_of_group = end;
    taken += all.places[end].width;
    if (taken > width) return end_of_group == begin ? end : end_of_group;
  }
  return all.places.size();
}

bool Grid::has_text(const Row& row, const Block& block) {
  return std::ranges::any_of(block.places, [&row](const Place& place) {
    return place.column < row.cells.size() && !row.cells[place.column].text.empty();
  });
}

std::string Grid::render_below(const Block& all, std::size_t width, const Style& style) const {
  std::string lines;
  for (std::size_t begin = 0; begin < all.places.size();) {
    const std::size_t end = end_of_block(all, begin, width);
    const auto at = [&all](std::size_t index) { return all.places.begin() + static_cast<std::ptrdiff_t>(index); };
    Block block{.label_width = all.label_width, .places = {at(begin), at(end)}};
    // What is too long even so loses the end of its label, not a figure.
    if (block.width() > width) {
      const std::size_t figures = block.width() - block.label_width;
      block.label_width = width > figures ? width - figures : 0;
    }
    lines += render_titles(block, style);
    for (const Row& row : rows_) {
      if (has_text(row, block)) lines += render_row(row, block, style);
    }
    begin = end;
  }
  return lines;
}

bool Grid::has_room_for_extras(std::size_t width) const { return closer(kept(Extras::kKept)).width() <= width; }

std::string Grid::render_within(std::size_t width, const Style& style) const {
  const Block all = kept(Extras::kKept);
  const Block plain = kept(Extras::kLeftOut);
  for (const Block& block : {all, closer(all), plain, closer(plain)}) {
    if (block.width() <= width) return render_block(block, style);
  }
  return render_below(closer(plain), width, style);
}

}  // namespace sockscope

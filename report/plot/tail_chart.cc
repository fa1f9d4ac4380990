#include "report/plot/tail_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "report/plot/log_axis.h"
#include "report/text.h"

namespace sockscope {
namespace {

/// What a curve does in a cell: the sides by which it goes in and out.
enum Side : std::uint8_t { kLeft = 1, kRight = 2, kUp = 4, kDown = 8 };
using Sides = std::uint8_t;

constexpr std::size_t kMostCurves = 2;
using Cell = std::array<Sides, kMostCurves>;

/// Upwards: what share is left beyond the bottom of a row.
struct TailScale {
  std::size_t rows_a_decade = 1;
  std::size_t rows = 1;

  [[nodiscard]] double left_at(std::size_t row) const {
    return std::pow(10.0, -static_cast<double>(row) / static_cast<double>(rows_a_decade));
  }
};

/// Whether any of so many values lies beyond the bottom of a row.
bool reaches(const TailScale& scale, std::size_t row, std::uint64_t count) {
  constexpr double slack = 1e-9;
  return scale.left_at(row) * static_cast<double>(count) >= 1 - slack;
}

TailScale scale_for(std::uint64_t count) {
  constexpr double wanted_rows = 20;
  constexpr double least = 3;
  constexpr double most = 6;
  const double decades = std::max(1.0, std::ceil(std::log10(static_cast<double>(count))));
  TailScale scale{.rows_a_decade =
                      static_cast<std::size_t>(std::clamp(std::floor(wanted_rows / decades), least, most))};
  while (reaches(scale, scale.rows, count)) ++scale.rows;
  return scale;
}

/// "0 %", "90 %", "99 %", "99.9 %", ... at each tenth of what is left, and "50 %"; else nothing.
std::string label_at(const TailScale& scale, std::size_t row) {
  const double half = std::log10(2.0) * static_cast<double>(scale.rows_a_decade);
  if (row == static_cast<std::size_t>(std::lround(half))) return "50 %";
  if (row % scale.rows_a_decade != 0) return {};
  const std::size_t nines = row / scale.rows_a_decade;
  if (nines < 2) return nines == 0 ? "0 %" : "90 %";
  return "99" + (nines == 2 ? "" : "." + std::string(nines - 2, '9')) + " %";
}

class Canvas {
 public:
  Canvas(std::size_t rows, std::size_t columns) : columns_(columns), cells_(rows * columns) {}

  [[nodiscard]] Cell at(std::size_t row, std::size_t column) const { return cells_[row * columns_ + column]; }

  /// In at the bottom of one column, out at the top of another one to its right.
  void step(std::size_t curve, std::size_t row, std::size_t in, std::size_t out) {
    const auto add = [&](std::size_t column, int sides) {
      Sides& to = cells_[row * columns_ + column][curve];
      to = static_cast<Sides>(to | sides);
    };
    if (in == out) return add(in, kDown | kUp);
    add(in, kDown | kRight);
    for (std::size_t column = in + 1; column < out; ++column) add(column, kLeft | kRight);
    add(out, kLeft | kUp);
  }

 private:
  std::size_t columns_;
  std::vector<Cell> cells_;
};

/// Each row of the canvas takes the curve from one quantile to the next.
void draw(Canvas& canvas, std::size_t index, const Histogram& times, const TailScale& scale, const LogAxis& axis) {
  const auto column_at = [&](std::size_t row) {
    return axis.column_of(static_cast<double>(times.quantile(1 - scale.left_at(row))));
  };
  std::size_t in = column_at(0);
  for (std::size_t row = 0; row < scale.rows && reaches(scale, row, times.count()); ++row) {
    const std::size_t out =
        reaches(scale, row + 1, times.count()) ? column_at(row + 1) : axis.column_of(static_cast<double>(times.max()));
    canvas.step(index, row, in, out);
    in = out;
  }
}

constexpr Sides kAcross = kLeft | kRight;
constexpr Sides kUpright = kUp | kDown;

std::string_view line_of(Sides sides, bool is_double) {
  switch (sides) {
    case kAcross:
      return is_double ? "═" : "─";
    case kUpright:
      return is_double ? "║" : "│";
    case kDown | kRight:
      return is_double ? "╔" : "┌";
    default:
      return is_double ? "╝" : "┘";
  }
}

class CellText {
 public:
  CellText(std::span<const Curve> curves, Glyphs glyphs, const Style& style) : glyphs_(glyphs), style_(style) {
    for (const Curve& curve : curves) letters_ += curve.label.empty() ? '?' : curve.label.front();
  }

  [[nodiscard]] std::string operator()(const Cell& cell) const {
    if (cell[0] == 0 && cell[1] == 0) return " ";
    const std::size_t on_top = cell[0] != 0 ? 0 : 1;
    return style_.variant(on_top, glyphs_ == Glyphs::kUnicode ? line(cell, on_top) : letter(cell, on_top));
  }

  /// A sample of a curve's line.
  [[nodiscard]] std::string sample(std::size_t index) const {
    if (glyphs_ == Glyphs::kAscii) return style_.variant(index, std::string(2, letters_[index]));
    return style_.variant(index, index == 0 ? "══" : "──");
  }

 private:
  [[nodiscard]] static std::string_view line(const Cell& cell, std::size_t on_top) {
    if (cell[0] == kAcross && cell[1] == kUpright) return "╪";
    if (cell[0] == kUpright && cell[1] == kAcross) return "╫";
    return line_of(cell.at(on_top), on_top == 0);
  }
  [[nodiscard]] std::string_view letter(const Cell& cell, std::size_t on_top) const {
    if (cell[0] != 0 && cell[1] != 0) return "*";
    return std::string_view(letters_).substr(on_top, 1);
  }

  Glyphs glyphs_;
  Style style_;
  std::string letters_;
};

/// The axis below: its line, and what the ticks are.
std::array<std::string, 2> axis_below(const LogAxis& axis, std::size_t margin, Glyphs glyphs) {
  const bool is_unicode = glyphs == Glyphs::kUnicode;
  const auto ticks = axis.ticks();
  std::string line(margin, ' ');
  line += is_unicode ? "└" : "+";
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    const bool is_tick = std::ranges::find(ticks, column, &LogAxis::Tick::column) != ticks.end();
    line += is_tick ? (is_unicode ? "┴" : "+") : (is_unicode ? "─" : "-");
  }
  std::string labels;
  for (const LogAxis::Tick& tick : ticks) {
    labels.resize(margin + 1 + axis.place_of(tick).begin, ' ');
    labels += tick.label;
  }
  return {std::move(line), std::move(labels)};
}

std::string legend_of(std::span<const Curve> curves, const CellText& text, std::size_t margin, Glyphs glyphs) {
  std::string legend(margin + 1, ' ');
  for (std::size_t i = 0; i < curves.size(); ++i) {
    legend += fmt::format("{}{} {}", i == 0 ? "" : "   ", text.sample(i), curves[i].label);
  }
  if (glyphs == Glyphs::kAscii && curves.size() > 1) legend += "   * both";
  return legend;
}

std::string without_blanks_behind(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::vector<std::string> tail_chart(std::span<const Curve> curves, const Screen& screen, const Style& style) {
  curves = curves.first(std::min(curves.size(), kMostCurves));
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t most = 0;
  std::uint64_t count = 1;
  for (const Curve& curve : curves) {
    least = std::min(least, curve.times->min());
    most = std::max(most, curve.times->max());
    count = std::max(count, curve.times->count());
  }
  const TailScale scale = scale_for(count);
  std::size_t margin = 0;
  for (std::size_t row = 0; row < scale.rows; ++row) margin = std::max(margin, label_at(scale, row).size());
  margin += 2;
  const auto width = static_cast<std::size_t>(std::max(screen.width, kMinScreenWidth));
  const LogAxis axis(least, most, width - margin - 1);
  Canvas canvas(scale.rows, axis.columns());
  for (std::size_t i = 0; i < curves.size(); ++i) draw(canvas, i, *curves[i].times, scale, axis);

  const CellText text(curves, screen.glyphs, style);
  std::vector<std::string> lines{legend_of(curves, text, margin, screen.glyphs)};
  for (std::size_t row = scale.rows; row-- > 0;) {
    const std::string label = label_at(scale, row);
    const bool is_unicode = screen.glyphs == Glyphs::kUnicode;
    const std::string_view border = label.empty() ? (is_unicode ? "│" : "|") : (is_unicode ? "┤" : "+");
    std::string line = fmt::format("{:>{}} {}", label, margin - 1, border);
    for (std::size_t column = 0; column < axis.columns(); ++column) line += text(canvas.at(row, column));
    lines.push_back(without_blanks_behind(std::move(line)));
  }
  for (std::string& line : axis_below(axis, margin, screen.glyphs)) lines.push_back(std::move(line));
  return lines;
}

}  // namespace sockscope

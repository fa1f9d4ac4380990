#include "report/plot/waterfall_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "report/numbers.h"

namespace sockscope {
namespace {

/// Less room for the bars than that, and the intervals have to go.
constexpr std::size_t kWantedCells = 24;

struct BarGlyphs {
  std::string_view saved;
  std::string_view added;
  std::string_view unsure;
  std::string_view mark;  ///< Where something is that has no length.
  std::string_view leader;
};
constexpr BarGlyphs kAsciiBars{.saved = "-", .added = "+", .unsure = "~", .mark = "|", .leader = "."};
constexpr BarGlyphs kUnicodeBars{.saved = "█", .added = "░", .unsure = "▒", .mark = "│", .leader = "┄"};

std::string times(std::string_view glyph, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += glyph;
  return text;
}

/// Cells from the lowest sum to the highest.
class SumAxis {
 public:
  SumAxis(double low, double high, std::size_t cells) : low_(low), high_(high), cells_(cells) {}

  [[nodiscard]] double low() const { return low_; }
  [[nodiscard]] double high() const { return high_; }
  /// Of the boundaries between cells, the one next to a sum.
  [[nodiscard]] std::size_t boundary_of(double sum) const {
    if (high_ <= low_) return 0;
    return static_cast<std::size_t>(std::lround((sum - low_) / (high_ - low_) * static_cast<double>(cells_)));
  }
  [[nodiscard]] std::size_t cell_at(std::size_t boundary) const { return std::min(boundary, cells_ - 1); }

 private:
  double low_;
  double high_;
  std::size_t cells_;
};

/// Where the texts of a row stand.
struct Columns {
  std::size_t label = 0;
  std::size_t figure = 0;
  std::size_t interval = 0;  ///< 0: without.

  [[nodiscard]] std::size_t width() const { return label + 1 + figure + interval + 1; }
  [[nodiscard]] std::string text(std::string_view label_text, std::string_view figure_text,
                                 std::string_view interval_text) const {
    return fmt::format("{:<{}} {:>{}}{:<{}} ", label_text, label, figure_text, figure,
                       interval == 0 ? "" : interval_text, interval);
  }
};

Columns columns_for(const WaterfallEnd& from, const std::vector<WaterfallRow>& steps, const WaterfallEnd& to,
                    std::size_t width) {
  Columns columns;
  for (const WaterfallEnd* end : {&from, &to}) {
    columns.label = std::max(columns.label, end->label.size());
    columns.figure = std::max(columns.figure, end->figure.size());
  }
  for (const WaterfallRow& step : steps) {
    columns.label = std::max(columns.label, step.label.size());
    columns.figure = std::max(columns.figure, step.change.size());
    columns.interval = std::max(columns.interval, step.interval.size());
  }
  if (columns.width() + kWantedCells > width) columns.interval = 0;
  return columns;
}

SumAxis axis_for(const WaterfallEnd& from, const std::vector<WaterfallRow>& steps, const WaterfallEnd& to,
                 std::size_t cells) {
  double low = std::min(from.ns, to.ns);
  double high = std::max(from.ns, to.ns);
  for (const WaterfallRow& step : steps) {
    low = std::min(low, step.after_ns);
    high = std::max(high, step.after_ns);
  }
  return {low, high, cells};
}

std::string end_bar(double ns, const SumAxis& axis, const BarGlyphs& glyphs) {
  return times(glyphs.leader, axis.cell_at(axis.boundary_of(ns))) + std::string(glyphs.mark);
}

std::string step_bar(const WaterfallRow& step, const SumAxis& axis, const BarGlyphs& glyphs, const Style& style) {
  const std::size_t before = axis.boundary_of(step.before_ns);
  const std::size_t after = axis.boundary_of(step.after_ns);
  if (before == after) return std::string(axis.cell_at(before), ' ') + std::string(glyphs.mark);
  const std::string blanks(std::min(before, after), ' ');
  if (step.may_be_nothing) return blanks + times(glyphs.unsure, std::max(before, after) - blanks.size());
  if (after < before) return blanks + style.gain(times(glyphs.saved, before - after));
  return blanks + style.failure(times(glyphs.added, after - before));
}

}  // namespace

std::vector<std::string> waterfall_chart(const WaterfallEnd& from, const std::vector<WaterfallRow>& steps,
                                         const WaterfallEnd& to, const Screen& screen, const Style& style) {
  const BarGlyphs& glyphs = screen.glyphs == Glyphs::kUnicode ? kUnicodeBars : kAsciiBars;
  const auto width = static_cast<std::size_t>(std::max(screen.width, kMinScreenWidth));
  const Columns columns = columns_for(from, steps, to, width);
  constexpr std::size_t least_cells = 4;
  const SumAxis axis = axis_for(from, steps, to, std::max(width, columns.width() + least_cells) - columns.width());
  std::vector<std::string> lines{columns.text(from.label, from.figure, "") + end_bar(from.ns, axis, glyphs)};
  for (const WaterfallRow& step : steps) {
    lines.push_back(columns.text(step.label, step.change, step.interval) + step_bar(step, axis, glyphs, style));
  }
  lines.push_back(columns.text(to.label, to.figure, "") + end_bar(to.ns, axis, glyphs));
  lines.push_back(fmt::format("  bars: {} to {} us", format_us(axis.low()), format_us(axis.high())));
  const bool is_any_unsure = std::ranges::any_of(steps, &WaterfallRow::may_be_nothing);
  lines.push_back(fmt::format("  {} saved  {} added{}", glyphs.saved, glyphs.added,
                              is_any_unsure ? fmt::format("  {} may be nothing", glyphs.unsure) : ""));
  return lines;
}

}  // namespace sockscope

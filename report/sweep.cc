#include "report/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/numbers.h"
#include "report/page.h"
#include "report/verdict_text.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 10;
constexpr std::size_t kValueWidth = 10;

const ComparedFigure* headline_of(const Summary& summary) {
  return summary.comparison ? summary.comparison->headline() : nullptr;
}

/// A rate may be a fraction.
std::string value_text(double value) {
  return value == std::floor(value) ? format_count_of(value) : fmt::format("{}", value);
}

}  // namespace

std::string render_sweep_table(const Sweep& sweep, const TableOptions& options) {
  const auto first =
      std::ranges::find_if(sweep.points, [](const auto& one) { return headline_of(one.summary) != nullptr; });
  if (first == sweep.points.end()) return {};
  const ComparedFigure& shown = *headline_of(first->summary);
  const Variant& a = first->summary.variants[0].variant;
  const Variant& b = first->summary.variants[1].variant;
  Grid grid(kLabelWidth, {{a.label, kValueWidth},
                          {b.label, kValueWidth},
                          {fmt::format("{} - {}", a.label, b.label)},
                          {fmt::format("{} / {}", a.label, b.label)},
                          {""}});
  for (const auto& [value, summary] : sweep.points) {
    const ComparedFigure* const figure = headline_of(summary);
    if (figure == nullptr) continue;
    grid.add_row("  " + value_text(value), {{format_figure(*figure, figure->result.a)},
                                            {format_figure(*figure, figure->result.b)},
                                            {difference_text(*figure)},
                                            {ratio_text(*figure)},
                                            {verdict_text(summary.comparison->rule, *figure, a, b)}});
  }
  Page page(options);
  page.heading(upper_case(fmt::format("by {}", name_of(sweep.by))),
               fmt::format("{}; {}{}, untraced; 95 % intervals", unit_of(sweep.by), label_of(shown),
                           is_time(shown.name) ? " in microseconds" : ""));
  page.grid(grid);
  return page.str();
}

}  // namespace sockscope

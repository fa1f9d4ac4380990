#include "report/sweep.h"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::string render_sweep_table(const std::vector<SizedSummary>& sweep, const TableOptions& options) {
  const auto first = std::ranges::find_if(sweep, [](const auto& one) { return headline_of(one.summary) != nullptr; });
  if (first == sweep.end()) return {};
  const ComparedFigure& shown = *headline_of(first->summary);
  const Variant& a = first->summary.variants[0].variant;
  const Variant& b = first->summary.variants[1].variant;
  Grid grid(kLabelWidth, {{a.label, kValueWidth},
                          {b.label, kValueWidth},
                          {fmt::format("{} - {}", a.label, b.label)},
                          {fmt::format("{} / {}", a.label, b.label)},
                          {""}});
  for (const auto& [size, summary] : sweep) {
    const ComparedFigure* const figure = headline_of(summary);
    if (figure == nullptr) continue;
    grid.add_row("  " + format_count(size), {{format_figure(*figure, figure->result.a)},
                                             {format_figure(*figure, figure->result.b)},
                                             {difference_text(*figure)},
                                             {ratio_text(*figure)},
                                             {verdict_text(summary.comparison->rule, *figure, a, b)}});
  }
  Page page(options);
  page.heading("BY SIZE", fmt::format("bytes a message; {}{}, untraced; 95 % intervals", label_of(shown),
                                      is_time(shown.name) ? " in microseconds" : ""));
  page.grid(grid);
  return page.str();
}

}  // namespace sockscope

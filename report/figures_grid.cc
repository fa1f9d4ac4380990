#include "report/figures_grid.h"

#include <fmt/format.h>

#include "report/verdict_text.h"

namespace sockscope {
namespace {

constexpr std::size_t kLabelWidth = 24;
constexpr std::size_t kValueWidth = 9;

}  // namespace

bool is_shown(const ComparedFigure& figure) {
  if (figure.watched == Watched::kTraced) return !is_time(figure.name);
  return figure.name != "counted_context_switches";
}

Grid figures_grid(std::span<const ComparedFigure> figures, const PairedRule& rule, const Variant& a, const Variant& b,
                  const std::function<bool(const ComparedFigure&)>& is_doubtful) {
  Grid grid(kLabelWidth, {{a.label, kValueWidth},
                          {b.label, kValueWidth},
                          {fmt::format("{} - {}", a.label, b.label)},
                          {fmt::format("{} / {}", a.label, b.label)},
                          {""}});
  for (const ComparedFigure& figure : figures) {
    if (!is_shown(figure)) continue;
    const bool doubtful = is_doubtful(figure);
    grid.add_row(
        "  " + label_of(figure),
        {Cell{format_figure(figure, figure.result.a), doubtful}, Cell{format_figure(figure, figure.result.b), doubtful},
         Cell{difference_text(figure)}, Cell{ratio_text(figure)}, Cell{verdict_text(rule, figure, a, b)}});
  }
  return grid;
}

}  // namespace sockscope

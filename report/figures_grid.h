#pragma once

#include <functional>
#include <span>

#include "analysis/summary.h"
#include "report/grid.h"

namespace sockscope {

/// Whether anybody should compare by this figure. Traced times are left out: they contain what tracing costs.
[[nodiscard]] bool is_shown(const ComparedFigure& figure);

/// Every figure of a comparison that is shown, a row each: both values, difference, ratio, verdict.
[[nodiscard]] Grid figures_grid(std::span<const ComparedFigure> figures, const PairedRule& rule, const Variant& a,
                                const Variant& b, const std::function<bool(const ComparedFigure&)>& is_doubtful);

}  // namespace sockscope

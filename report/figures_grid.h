#pragma once

#include <functional>
#include <span>

#include "analysis/summary.h"
#include "report/grid.h"

namespace sockscope {

/// Every figure of a comparison that anybody should compare, a row each: both values, difference, ratio, verdict.
/// Traced times are not among them: they contain what tracing costs.
[[nodiscard]] Grid figures_grid(std::span<const ComparedFigure> figures, const PairedRule& rule, const Variant& a,
                                const Variant& b, const std::function<bool(const ComparedFigure&)>& is_doubtful);

}  // namespace sockscope

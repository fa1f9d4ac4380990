#pragma once

#include <functional>
#include <string>

#include "analysis/summary.h"

/// A comparison in words.
namespace sockscope {

/// A number in the unit of the figure: times in microseconds, counts as they are.
[[nodiscard]] std::string format_figure(const ComparedFigure& figure, double value);

/// " [1.28, 1.36]", each bound as `format` has it; empty without an interval.
[[nodiscard]] std::string interval_text(const Estimate& estimate, const std::function<std::string(double)>& format);

/// "+1.31 [1.28, 1.36]"; without an interval the value alone.
[[nodiscard]] std::string difference_text(const ComparedFigure& figure);
[[nodiscard]] std::string ratio_text(const ComparedFigure& figure);

/// "UDP is faster", "UDP has fewer", "the same within 2 %", "cannot tell".
[[nodiscard]] std::string verdict_text(const PairedRule& rule, const ComparedFigure& figure, const Variant& a,
                                       const Variant& b);

/// The answer in one sentence: "UDP is faster by 1.31 us [1.28, 1.36]: 4.94 against 6.26 us, p50 of a round trip, 20
/// pairs of runs".
[[nodiscard]] std::string headline_text(const VariantComparison& comparison, const Variant& a, const Variant& b);

/// "p50", "one way, p50", "CPU time", "system calls": what a figure is, for people.
[[nodiscard]] std::string label_of(const ComparedFigure& figure);

}  // namespace sockscope

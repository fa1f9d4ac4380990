#pragma once

#include <string>

#include "analysis/summary.h"
#include "report/table_options.h"

namespace sockscope {

/// The report as pictures in text: what was measured, the answer and what is not to be trusted as the table has them;
/// the distribution of the latencies (tail_chart()) with their percentiles, untraced where that was measured; and the
/// waterfall between two variants with stages. For options.screen, or a screen of 80 columns. No line is wider than
/// that, and nothing in the summary can steer the terminal.
[[nodiscard]] std::string render_plot(const Summary& summary, const TableOptions& options = {});

}  // namespace sockscope

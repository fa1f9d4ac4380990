#pragma once

#include <string>

#include "analysis/summary.h"
#include "report/table_options.h"

namespace sockscope {

/// The report for people: TCP and UDP side by side in plain ASCII, times in microseconds, no line beyond
/// options.width. Figures over incomplete data, or that depend on a law that fails, carry a "!". Nothing in the summary
/// (command names, facts) can steer the terminal: its control characters are printed as \xNN.
///
/// On a screen everything but commands to be pasted keeps within its width, and distributions are drawn beside the
/// figures, as far as there is room.
[[nodiscard]] std::string render_table(const Summary& summary, const TableOptions& options = {});

}  // namespace sockscope

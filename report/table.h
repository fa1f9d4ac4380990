#pragma once

#include <string>

#include "analysis/summary.h"

namespace sockscope {

struct TableOptions {
  bool colour = false;  ///< Bold headings, yellow warnings, red failures, as ANSI escape sequences.
  int width = 100;      ///< Columns at which text is broken; less than kMinTableWidth is taken as that.
};

/// What the number columns need at most.
inline constexpr int kMinTableWidth = 100;

/// The report for people: TCP and UDP side by side in plain ASCII, times in microseconds, no line beyond
/// options.width. Figures over incomplete data, or that depend on a law that fails, carry a "!". Nothing in the summary
/// (command names, facts) can steer the terminal: its control characters are printed as \xNN.
[[nodiscard]] std::string render_table(const Summary& summary, const TableOptions& options = {});

}  // namespace sockscope

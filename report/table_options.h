#pragma once

#include <optional>

#include "report/plot/screen.h"

namespace sockscope {

struct TableOptions {
  bool colour = false;  ///< Bold headings, yellow warnings, red failures, as ANSI escape sequences.
  int width = 100;      ///< Columns at which text is broken; less than kMinTableWidth is taken as that.
  /// A terminal that the table is for, whose width counts instead. Without one the table is the same everywhere.
  std::optional<Screen> screen{};
};

/// What the number columns need at most.
inline constexpr int kMinTableWidth = 100;

}  // namespace sockscope

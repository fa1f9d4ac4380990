#pragma once

#include <optional>
#include <string>

#include "report/plot/screen.h"

/// What stands behind stdout, and what its reader's eyes can take.
namespace sockscope {

/// The environment that terminals are described by, as getenv(3) has it.
struct TerminalEnvironment {
  std::optional<std::string> columns;   ///< COLUMNS
  std::optional<std::string> no_color;  ///< NO_COLOR
  std::string locale;                   ///< The first of LC_ALL, LC_CTYPE and LANG that is not empty.

  static TerminalEnvironment current();
};

/// Whether stdout is a terminal that may show colours (https://no-color.org: any value but an empty one forbids them).
bool wants_colour(const TerminalEnvironment& environment);

/// How pictures are drawn for stdout, or for a file instead. As with git and others COLUMNS is the width if it is set;
/// then the terminal's own; then 80. Characters beyond ASCII only if the locale's are UTF-8.
Screen screen_for(const TerminalEnvironment& environment, bool is_file);

/// Whether texts of that locale ("en_GB.UTF-8") are UTF-8: by the locale itself, or, if this machine has not got it, by
/// its name.
bool is_utf8(const std::string& locale);

}  // namespace sockscope

#pragma once

#include <string>
#include <string_view>

namespace sockscope {

/// Text that came from elsewhere (a recording, the environment, a command line), made fit for a terminal: everything
/// but printable ASCII as \xNN, byte by byte. A recorded command name cannot move the cursor or change the title of the
/// terminal, and a character is always one column wide.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sockscope

#pragma once

#include "base/error.h"
#include "harness/options.h"

namespace sockscope {

/// Reads the command line. kUsage, in one sentence, if it makes no sense.
Result<Options> parse_command_line(int argc, const char* const* argv);

}  // namespace sockscope

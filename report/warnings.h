#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// How the figures were taken, in one sentence without a stop: "latency from untraced rounds; counts, ... from traced
/// rounds".
[[nodiscard]] std::string describe_mode(const Summary& summary);

/// What is wrong with the figures, a sentence each: an interruption, lost events, round trips given up, laws that fail.
/// Empty if nothing is.
[[nodiscard]] std::vector<std::string> warnings_of(const Summary& summary);

}  // namespace sockscope

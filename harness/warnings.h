#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/formats.h"
#include "parsers/perf_data/counters.h"

namespace sockscope {

/// One line on stderr, fit for a terminal whatever it quotes.
void warn(std::string_view text);

/// A line for each thing that makes a recording less than what happened: what was lost, skipped, damaged, unreadable.
/// `undecoded`: tracepoint events whose fields could not be read.
void warn_of_doubts(const perf_data::Counters& counters, std::uint64_t undecoded, const std::string& name);

/// That the formats are not the recording's own, if so.
void warn_of_running_kernels(const std::optional<Formats>& formats);

}  // namespace sockscope

#pragma once

#include <cstdint>

#include "analysis/event_decoder.h"
#include "analysis/trace_analysis.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {

/// Gives all events of a recording to the analysis, in time order. Merging and decoding are done in a thread of their
/// own while this one analyses, a few thousand events behind. Returns how many samples could not be decoded.
[[nodiscard]] std::uint64_t feed(const perf_data::Reader& reader, const EventDecoder& decoder, TraceAnalysis& analysis);

}  // namespace sockscope

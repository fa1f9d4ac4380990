#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "analysis/event.h"
#include "analysis/event_decoder.h"
#include "parsers/perf_data/reader.h"

namespace sockscope {

/// Takes the next events of a recording, some thousands at a time, and the stream that they come from, as it was before
/// them: null where nobody has asked for it. False: it wants no more.
using EventBatchSink = std::function<bool(std::span<Event>, const perf_data::RecordStream*)>;

/// Gives all events of a recording to an analysis, in time order. Merging and decoding are done in a thread of their
/// own while this one analyses, a few thousand events behind. Returns how many samples could not be decoded.
[[nodiscard]] std::uint64_t feed(const perf_data::Reader& reader, const EventDecoder& decoder,
                                 const EventBatchSink& sink, bool with_streams = false);

}  // namespace sockscope

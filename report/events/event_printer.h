#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/error.h"
#include "report/events/event_source.h"

namespace sockscope {

/// Takes the next piece of the output; whole lines. False: nobody wants more, which is no error.
using EventSink = std::function<Result<bool>(std::string_view lines)>;

/// Prints everything that the source has, with that many threads: each pulls a batch, makes lines of it while the
/// others do the same with theirs, and hands them to the sink when it is their turn. The sink is called by one thread
/// at a time. Memory: a batch and its lines per thread, however long the recording.
///
/// Returns the number of tracepoint events whose fields could not be read, or the sink's error.
[[nodiscard]] Result<std::uint64_t> print_events(EventSource& source, EventStyle style, unsigned threads,
                                                 const EventSink& sink);

}  // namespace sockscope

#pragma once

#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/description.h"

namespace sockscope::perf_data {

/// What the records in front of the first sample of a pipe-form recording say: attrs, features, event names, tracing
/// data (tools/perf/util/synthetic-events.c, perf_event__synthesize_for_pipe). `records` begins behind the 16-byte
/// header. Never fails: a record that makes no sense is counted in bad_sections.
[[nodiscard]] Description read_pipe_form(Bytes records, ByteOrder order);

}  // namespace sockscope::perf_data

#pragma once

#include "base/error.h"
#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/run_index.h"
#include "parsers/perf_data/session.h"

namespace sockscope::perf_data {

/// What one walk over all records finds out.
struct RecordIndex {
  RunIndex runs;
  Counters counters;  ///< bad_sections excepted, which is no matter of the records.
};

/// Walks `records` once. kInput (without the file's name) when they are compressed.
[[nodiscard]] Result<RecordIndex> index_records(const Session& session, Bytes records);

}  // namespace sockscope::perf_data

#pragma once

#include <span>

#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/counters.h"
#include "parsers/perf_data/run_index.h"
#include "parsers/perf_data/session.h"

namespace sockscope::perf_data {

/// What one walk over all records finds out.
struct RecordIndex {
  RunIndex runs;
  Counters counters;           ///< bad_sections excepted, which is no matter of the records.
  bool is_compressed = false;  ///< A COMPRESSED record was met: unpack first (unpacker.h). The rest is unspecified.
};

/// Walks the records of each region once, large regions on all CPUs.
[[nodiscard]] RecordIndex index_records(const Session& session, std::span<const Bytes> regions);

}  // namespace sockscope::perf_data

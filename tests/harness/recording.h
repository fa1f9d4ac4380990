#pragma once

#include <string>

#include "tests/analysis/event_log.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope {

/// An EventLog as perf would have recorded it on x86-64: a perf.data with formats and a sample for each event.
test_support::PerfDataBuilder recording_of(const EventLog& log);

/// The id under which the recording's samples are, for tests that add records of their own.
inline constexpr std::uint64_t kSampleId = 11;

}  // namespace sockscope

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/cpu_trace.h"
#include "harness/perf_data_writer.h"
#include "harness/task_ring.h"
#include "harness/task_table.h"

namespace sockscope {

/// Writes what was recorded in several places as one recording, in order of time: events of ftrace's buffers become
/// samples of the tracepoint that they are of, task records stay what they are. `ids` are the tracepoints' by position
/// in the writer's events; what is none of them cannot be in the buffers.
Result<> merge(std::span<CpuTrace> traces, std::span<const TaskRing::Recorded> tasks,
               std::span<const std::uint64_t> ids, TaskTable& table, PerfDataWriter& writer);

}  // namespace sockscope

#pragma once

#include <filesystem>

#include "analysis/summary.h"
#include "analysis/summary_builder.h"
#include "base/error.h"
#include "harness/run_record.h"
#include "harness/trace_listener.h"

/// The pipeline: recordings and results in, a summary out.
namespace sockscope {

/// Reads a recording and follows its messages. kInput, naming the file, when it cannot be read.
Result<TraceResult> analyse_recording(const std::filesystem::path& path, std::span<const KnownFlow> flows);

/// Adds one run of a run directory, reading its recording if it is traced.
Result<> add_run(SummaryBuilder& builder, const RunResult& run, const std::filesystem::path& directory,
                 TraceListener* listener = nullptr);

/// Adds the recording of somebody's own programs.
Result<> add_programs(SummaryBuilder& builder, const ProgramRun& run, const std::filesystem::path& directory,
                      TraceListener* listener = nullptr);

/// The numbers of the builder with the record's description.
Summary summary_of(const RunRecord& record, const SummaryBuilder& builder);

/// Everything of a run directory, or of a perf.data that no run describes. A listener is told in the same pass what
/// follow() would tell it.
Result<Summary> summarise(const std::filesystem::path& path, TraceListener* listener = nullptr);

}  // namespace sockscope
